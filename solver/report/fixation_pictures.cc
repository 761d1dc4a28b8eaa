#include "report/fixation.hpp"
#include "report/fixation_page.hpp"

#include <algorithm>
#include <cctype>

namespace calcar::report
{
namespace
{
constexpr std::size_t longest_name = 60;

/// Lower case letters and digits of ASCII; all else becomes one line between them.
std::string file_word(const std::string& name)
{
  std::string word;
  for (const char c : name)
  {
    const auto letter = static_cast<unsigned char>(c);
    if (letter < 128 && std::isalnum(letter))
      word += static_cast<char>(std::tolower(letter));
    else if (!word.empty() && word.back() != '_')
      word += '_';
  }
  word = word.substr(0, longest_name);
  while (!word.empty() && word.back() == '_')
    word.pop_back();
  return word.empty() ? "option" : word;
}
} // namespace

std::vector<std::string> fixation_picture_names(const FixationsResults& results)
{
  std::vector<std::string> names;
  for (const FixationResults& option : results.options)
  {
    const std::string word = "fixation_" + file_word(option.name);
    std::string name = word + ".png";
    for (int n = 2; std::find(names.begin(), names.end(), name) != names.end(); ++n)
      name = word + "_" + std::to_string(n) + ".png";
    names.push_back(name);
  }
  return names;
}

void write_fixation_pictures(const std::filesystem::path& folder, const Results& results,
                             const FixationScene& scene)
{
  if (!results.fixations || results.fixations->options.empty())
    return;
  const FixationsResults& all = *results.fixations;
  const BoneSurface surface = surface_of(scene.mask);
  write_comparison_page(folder / "fixations.png", results, scene, surface);
  const std::vector<std::string> names = fixation_picture_names(all);
  for (std::size_t n = 0; n < all.options.size(); ++n)
    if (const implant::Fixation* fixation = placed_as(scene, all.options[n].name))
      write_placed_page(folder / names[n], results.title, all.options[n], *fixation, scene,
                        surface);
}

} // namespace calcar::report
