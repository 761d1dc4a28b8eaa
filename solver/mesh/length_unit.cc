#include "mesh/length_unit.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::mesh
{
namespace
{

/// Shortest and longest long side of a model, mm.
struct Range
{
  double least;
  double most;
};

Range plausible_lengths(const std::string& bone)
{
  if (bone == "femur" || bone == "tibia" || bone == "humerus")
    return {60, 600};
  if (bone == "pelvis")
    return {40, 400};
  if (bone == "skull")
    return {30, 300};
  if (bone == "vertebra")
    return {5, 300}; // with discs and neighbours
  return {5, 600};
}

double longest_side(const Box& box)
{
  const Vec3 size = box.high - box.low;
  return std::max({size.x, size.y, size.z});
}

/// "0.45 m are 450 mm"
std::string in_millimetres(double length, const LengthUnit& unit)
{
  return format_number(length) + " " + unit.name + " are " + format_number(length * unit.mm) +
         " mm";
}

std::string range_words(const std::string& bone)
{
  const Range range = plausible_lengths(bone);
  return (bone.empty() ? "a bone or a piece of one" : "a model of a " + bone) + " is " +
         format_number(range.least) + " to " + format_number(range.most) + " mm long";
}

} // namespace

const std::vector<LengthUnit>& length_units()
{
  static const std::vector<LengthUnit> units = {{"mm", 1}, {"m", 1000}, {"cm", 10}, {"um", 1e-3}};
  return units;
}

double mm_per_unit(const std::string& name, const std::string& place)
{
  std::vector<std::string> names;
  for (const LengthUnit& unit : length_units())
  {
    if (unit.name == name)
      return unit.mm;
    names.push_back(unit.name);
  }
  throw InputError(Fault::command, Problem{place, "unknown unit of length \"" + name + "\"",
                                           join(names), suggestion(name, names), ""});
}

Box box_of(const std::vector<Vec3>& points)
{
  Mesh cloud;
  cloud.points = points;
  return box(cloud);
}

UnitGuess guess_unit(const Box& box, const std::string& bone)
{
  UnitGuess guess;
  guess.longest_side = longest_side(box);
  const Range range = plausible_lengths(bone);
  std::vector<std::string> words;
  for (const LengthUnit& unit : length_units())
    if (guess.longest_side * unit.mm >= range.least && guess.longest_side * unit.mm <= range.most)
    {
      guess.plausible.push_back(unit);
      words.push_back(unit.name == "mm" ? "mm" : in_millimetres(guess.longest_side, unit));
    }
  guess.words = words.empty() ? "none is plausible: " + range_words(bone) : join(words, " or ");
  return guess;
}

void require_millimetres(const Box& box, const std::string& place, const std::string& bone)
{
  const UnitGuess guess = guess_unit(box, bone);
  if (guess.millimetres())
    return;
  const std::string given = "the mesh is " + format_number(guess.longest_side) +
                            " long; in mm that is " +
                            (guess.longest_side < 60 ? "too short" : "too long") + " for a bone";
  std::string remedy = "if the file is in mm all the same, say unit = \"mm\" in the case";
  if (!guess.plausible.empty())
    remedy = "it looks like " + guess.plausible.front().name + " (" + guess.words +
             "): say unit = \"" + guess.plausible.front().name + "\" in the case (--unit " +
             guess.plausible.front().name + " on the command line); " + remedy;
  else
    remedy = "scale the file to mm; " + remedy;
  throw InputError(Fault::data, Problem{place, given, range_words(bone), remedy, ""});
}

} // namespace calcar::mesh
