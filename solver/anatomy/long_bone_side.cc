#include "anatomy/long_bone_side.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double least_sum = 0.4;
constexpr double contradiction = 0.35;

[[noreturn]] void refuse(const SideQuestion& q, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, Problem{q.place, given, allowed, remedy, ""});
}

/// The words of the signs that speak in one direction with at least a weight.
std::vector<std::string> speaking(const std::vector<SideSign>& signs, double direction,
                                  double least)
{
  std::vector<std::string> words;
  for (const SideSign& sign : signs)
  {
    if (sign.weight * direction >= least)
    {
      words.push_back(sign.words);
    }
  }
  return words;
}

Side side_of(double weight)
{
  return weight > 0 ? Side::left : Side::right;
}

void check_shape(const SideQuestion& q, double sum)
{
  const std::string bone = words_for_one(q.kind);
  const double direction = sum < 0 ? -1 : 1;
  const auto against = speaking(q.shape, -direction, contradiction);
  if (!against.empty())
  {
    const auto with = speaking(q.shape, direction, 0);
    refuse(q,
           "the side of the " + bone + " is in doubt: " + join(with, " and ") +
               (with.size() == 1 ? " speaks for a " : " speak for a ") +
               to_string(side_of(direction)) + " one, " + join(against, " and ") + " for a " +
               to_string(side_of(-direction)) + " one",
           "a shape whose signs agree",
           "check the mask at these places, and that it shows one bone only");
  }
  if (std::abs(sum) < least_sum)
  {
    refuse(q, "the side of the " + bone + " cannot be told from its shape", q.needed,
           "use an image that shows more of the bone, a finer one, or correct the mask there");
  }
}

void check_image(const SideQuestion& q, double sum)
{
  if (q.orientation != Orientation::patient || !q.image || q.image->weight * sum > 0)
  {
    return;
  }
  const std::string bone = words_for_one(q.kind);
  refuse(q,
         "the orientation of the image is in doubt: by its shape (" +
             join(speaking(q.shape, sum > 0 ? 1 : -1, 0.1), " and ") + ") this is a " +
             to_string(side_of(sum)) + " " + bone + ", by its place in the patient (" +
             q.image->words + ") a " + to_string(side_of(q.image->weight)) + " one",
         "an image whose affine says truly which way is left",
         "check the conversion of the image for a mirrored axis; for a bone scanned outside the "
         "body write orientation = \"specimen\"");
}

} // namespace

SideSign handed_sign(const std::string& words, Vec3 medial, Vec3 anterior, Vec3 proximal,
                     double weight)
{
  return {words, dot(cross(medial, anterior), proximal) > 0 ? weight : -weight};
}

std::optional<SideSign> medial_sign_from_image(const std::string& words, Vec3 medial, Vec3 proximal)
{
  if (proximal.z < std::sqrt(0.5) || std::abs(medial.x) < 0.5)
  {
    return std::nullopt;
  }
  return SideSign{words, medial.x < 0 ? 1.0 : -1.0};
}

Side decide_limb_side(const SideQuestion& q)
{
  double sum = 0;
  for (const SideSign& sign : q.shape)
  {
    sum += sign.weight;
  }
  check_shape(q, sum);
  check_image(q, sum);
  const Side side = side_of(sum);
  if (q.expected && *q.expected != side)
  {
    const std::string bone = words_for_one(q.kind);
    refuse(q,
           "the mask shows a " + to_string(side) + " " + bone + ": " +
               join(speaking(q.shape, sum > 0 ? 1 : -1, 0.1), " and ") +
               (q.image && q.orientation == Orientation::patient ? " and its place in the patient"
                                                                 : "") +
               " say so, but side = \"" + to_string(*q.expected) + "\" was asked for",
           "side = \"" + to_string(side) + "\"",
           "choose the mask of the other " + bone + ", or correct the side");
  }
  return side;
}

} // namespace calcar::anatomy
