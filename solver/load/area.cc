#include "load/area.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace calcar::load
{
namespace
{
const std::vector<std::string> kinds{"cap", "spot", "end", "axis", "cup", "face", "slab", "beyond"};

void read_pole(Area& area, const Table& table, anatomy::BoneKind bone)
{
  area.towards = read_directions(table, "towards", bone);
  area.against = table.has("against") ? table.choice("against", {"fall"}) : "";
  if ((length_of(area.towards) > 0) == !area.against.empty())
    table.complain("towards", "the pole of the cap is not clear", "one of towards and against",
                   "write towards = { proximal = 1 } or against = \"fall\"");
  area.half_angle_deg = table.number("half_angle_deg");
  table.require(area.half_angle_deg > 5 && area.half_angle_deg <= 90, "half_angle_deg",
                "5 to 90 degrees");
}

/// Of a cap or cup: radius_measure = "head_radius_mm", or as any other radius.
void read_sphere(Area& area, const Table& table, anatomy::BoneKind bone)
{
  area.place = read_place(table, bone);
  if (table.has("radius_measure"))
    area.radius.measure = table.text("radius_measure");
  else
    area.radius = read_size(table, "radius");
  read_pole(area, table, bone);
}

void read_layer_face(Area& area, const Table& table, const std::vector<LayerPlan>& layers)
{
  std::vector<std::string> names;
  for (const LayerPlan& layer : layers)
    names.push_back(layer.name);
  const std::string name = table.choice("layer", names);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    return;
  area.layer = layers[static_cast<std::size_t>(found - names.begin())];
  table.require(area.layer->shape != LayerPlan::Shape::shell, "layer",
                "a layer that is a cylinder or a box", "load a shell by an area of kind \"cap\"");
}

std::vector<std::string> read_landmarks(const Table& table, const std::string& key,
                                        anatomy::BoneKind bone)
{
  const auto names = table.texts(key);
  const auto& known = anatomy::landmark_names(bone);
  for (const std::string& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      table.complain(key, "unknown landmark \"" + name + "\" of the " + anatomy::to_string(bone),
                     join(known), suggestion(name, known));
  return names;
}

void read_face(Area& area, const Table& table, anatomy::BoneKind bone,
               const std::vector<LayerPlan>& layers)
{
  int ways = 0;
  for (const std::string key : {"normal", "normal_from", "normal_towards", "layer"})
    ways += table.has(key);
  if (ways != 1)
    table.complain("normal", "where face \"" + area.name + "\" faces is not clear",
                   "one of normal, normal_from, normal_towards and layer",
                   "write normal = { cranial = 1 } or the like");
  area.normal = read_directions(table, "normal", bone);
  area.normal_from = read_landmarks(table, "normal_from", bone);
  area.normal_towards = read_landmarks(table, "normal_towards", bone);
  area.cone_deg = table.number("cone_deg");
  table.require(area.cone_deg > 5 && area.cone_deg <= 90, "cone_deg", "5 to 90 degrees");
  if (table.has("layer"))
    return read_layer_face(area, table, layers);
  area.place = read_place(table, bone);
  if (has_size(table, "radius"))
    area.extent = read_extent(table, bone);
  if (has_size(table, "depth"))
    area.depth = read_size(table, "depth");
  table.require(!table.has("normal") || (length_of(area.normal) > 0 && area.extent), "radius",
                "a radius and a direction that is not zero",
                "a face in one direction would be any part of the bone: add radius_mm");
}

void read_end(Area& area, const Table& table)
{
  const auto positive = [&](const std::string& key)
  {
    const double value = table.number(key);
    table.require(value > 0, key, "more than 0 mm");
    return value;
  };
  area.depth_mm = positive("depth_mm");
  area.depth_whole_mm = positive("depth_whole_mm");
}

void read_slab(Area& area, const Table& table, anatomy::BoneKind bone)
{
  area.place = read_place(table, bone);
  area.along = table.choice("along", anatomy::direction_names(bone));
  area.depth = read_size(table, "depth");
}

/// On which vertebra of a segment the area lies: that of its layer, or the one it names.
void read_of(Area& area, const Table& table)
{
  area.line_to = table.text("line_to", "");
  if (!area.layer)
    area.of = table.choice("of", {"top", "bottom"});
  else
    area.of = area.layer->of;
  table.require(area.of != "joints", "layer", "a layer of the top or bottom vertebra",
                "nothing loads or holds what lies between two vertebrae");
}
} // namespace

Area read_area(const Table& table, anatomy::BoneKind bone, const std::vector<LayerPlan>& layers,
               bool segment)
{
  Area area;
  area.name = table.text("name");
  area.words = table.text("words");
  area.spread = table.flag("spread", false);
  const std::string kind = table.choice("kind", kinds);
  if ((kind == "end" || kind == "axis") && !has_distal_end(bone))
    table.complain("kind", "the " + anatomy::to_string(bone) + " has no distal end",
                   "cap, cup, spot, face, slab, beyond", "");
  if (kind == "cap" || kind == "cup")
  {
    area.kind = kind == "cap" ? Area::Kind::cap : Area::Kind::cup;
    read_sphere(area, table, bone);
  }
  else if (kind == "spot" || kind == "beyond")
  {
    area.kind = kind == "spot" ? Area::Kind::spot : Area::Kind::beyond;
    area.place = read_place(table, bone);
    area.radius = read_size(table, "radius");
    if (kind == "spot" && table.has("facing"))
      area.facing = table.choice("facing", {"fall"});
  }
  else if (kind == "face")
  {
    area.kind = Area::Kind::face;
    read_face(area, table, bone, layers);
  }
  else if (kind == "slab")
  {
    area.kind = Area::Kind::slab;
    read_slab(area, table, bone);
  }
  else if (kind == "end")
  {
    area.kind = Area::Kind::end;
    read_end(area, table);
  }
  else if (kind == "axis")
  {
    area.kind = Area::Kind::axis;
    area.along = table.choice("along", anatomy::direction_names(bone));
    area.height_mm = table.number("height_mm");
    area.radius = read_size(table, "radius");
  }
  if (segment)
    read_of(area, table);
  return area;
}

bool is_in_image(const Area& area, const anatomy::BoneAnatomy& bone)
{
  if (area.kind == Area::Kind::end || area.kind == Area::Kind::axis)
    return true;
  const auto place = find_place(area.layer ? area.layer->place : area.place, bone);
  if (!place)
    return false;
  if (area.kind != Area::Kind::spot || !has_distal_end(bone.kind))
    return true;
  return dot(*place - bone.cut_centre, bone.frame.proximal) >=
         size_on(area.radius, bone, area.words);
}

} // namespace calcar::load
