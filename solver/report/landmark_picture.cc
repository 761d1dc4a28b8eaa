#include "report/landmark_picture.hpp"

#include "base/text.hpp"
#include "report/depth_view.hpp"
#include "report/page.hpp"
#include "report/picture_layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <numbers>

namespace calcar::report
{
namespace
{
namespace fs = std::filesystem;
using anatomy::BoneAnatomy;

/// A view with what stands at its edges.
struct Panel
{
  std::string caption;
  ViewAxes axes;
  std::string left, right, top, bottom;
};

/// First names of the directions along medial, anterior and proximal and their opposites.
struct Names
{
  std::string medial, lateral, anterior, posterior, up, down;
};

Names names_of(const BoneAnatomy& bone)
{
  const auto& names = anatomy::direction_names(bone.kind);
  return {names[0], names[1], names[2], names[3], names[4], names[5]};
}

std::array<Panel, 3> panels_of(const BoneAnatomy& bone)
{
  const anatomy::Frame& f = bone.frame;
  const Names n = names_of(bone);
  // From the front the patient's right is on the left of the picture, as in a radiograph.
  const bool medial_is_right = bone.side != anatomy::Side::right;
  const Vec3 patient_left = medial_is_right ? -f.medial : f.medial;
  // The letters of a radiograph, where the words do not say right and left themselves.
  const bool midline = bone.side == anatomy::Side::midline;
  const std::string towards_left =
      (medial_is_right ? n.lateral : n.medial) + (midline ? "" : " (L)");
  const std::string towards_right =
      (medial_is_right ? n.medial : n.lateral) + (midline ? "" : " (R)");
  return {Panel{"from the front",
                {patient_left, f.proximal, f.anterior},
                towards_right,
                towards_left,
                n.up,
                n.down},
          Panel{"from the patient's " +
                    std::string(bone.side == anatomy::Side::right ? "right" : "left"),
                bone.side == anatomy::Side::right ? ViewAxes{f.anterior, f.proximal, -patient_left}
                                                  : ViewAxes{-f.anterior, f.proximal, patient_left},
                bone.side == anatomy::Side::right ? n.posterior : n.anterior,
                bone.side == anatomy::Side::right ? n.anterior : n.posterior, n.up, n.down},
          Panel{"from above",
                {patient_left, -f.anterior, f.proximal},
                towards_right,
                towards_left,
                n.posterior,
                n.anterior}};
}

void draw_bone(cairo_t* pen, const DepthView& view, double x, double y)
{
  const std::vector<float> light = shaded(view);
  PageSurface picture(cairo_image_surface_create(CAIRO_FORMAT_RGB24, view.width, view.height),
                      cairo_surface_destroy);
  unsigned char* bytes = cairo_image_surface_get_data(picture.get());
  const int stride = cairo_image_surface_get_stride(picture.get());
  for (int r = 0; r < view.height; ++r)
    for (int c = 0; c < view.width; ++c)
    {
      const float value = light[view.offset(r, c)];
      unsigned char* pixel = bytes + r * stride + 4 * c;
      const auto channel = [&](float full)
      { return static_cast<unsigned char>(value < 0 ? 255 : std::lround(full * value)); };
      pixel[0] = channel(205);
      pixel[1] = channel(225);
      pixel[2] = channel(240);
      pixel[3] = 0;
    }
  cairo_surface_mark_dirty(picture.get());
  cairo_set_source_surface(pen, picture.get(), x, y);
  cairo_paint(pen);
}

/// Where a label of this size may stand without covering another one or a dot.
struct Taken
{
  double x, y, radius;
};

void draw_number(cairo_t* pen, double x, double y, int number, bool hidden,
                 std::vector<Taken>& taken)
{
  cairo_set_source_rgb(pen, 0.78, 0.05, 0.10);
  cairo_set_line_width(pen, 2);
  cairo_new_path(pen); // text leaves a current point, from which the arc would draw a line
  cairo_arc(pen, x, y, 5, 0, 2 * std::numbers::pi);
  if (hidden)
    cairo_stroke(pen);
  else
    cairo_fill(pen);
  const double size = 17;
  const std::string words = std::to_string(number);
  double best_x = x + 18, best_y = y - 12;
  for (int ring = 0; ring < 4; ++ring)
  {
    bool found = false;
    for (int turn = 0; turn < 12 && !found; ++turn)
    {
      const double angle = -0.6 + turn * std::numbers::pi / 6;
      const double lx = x + (20 + 14 * ring) * std::cos(angle);
      const double ly = y + (20 + 14 * ring) * std::sin(angle);
      found = std::none_of(taken.begin(), taken.end(),
                           [&](const Taken& t)
                           { return std::hypot(t.x - lx, t.y - ly) < t.radius + 11; });
      if (found)
      {
        best_x = lx;
        best_y = ly;
      }
    }
    if (found)
      break;
  }
  taken.push_back({best_x, best_y, 11});
  cairo_set_line_width(pen, 1);
  cairo_move_to(pen, x, y);
  cairo_line_to(pen, best_x, best_y);
  cairo_stroke(pen);
  const double width = text_width(pen, size, words);
  cairo_set_source_rgba(pen, 1, 1, 1, 0.85);
  cairo_rectangle(pen, best_x - 0.5 * width - 2, best_y - 0.5 * size, width + 4, size + 1);
  cairo_fill(pen);
  cairo_set_source_rgb(pen, 0.55, 0.0, 0.05);
  text(pen, best_x - 0.5 * width, best_y + 0.38 * size, size, words, true);
}

/// A landmark may lie this far under the surface and still be drawn as on it, mm.
constexpr double near_surface_mm = 4;

void draw_landmarks(cairo_t* pen, const DepthView& view, double x, double y,
                    const BoneAnatomy& bone)
{
  const std::vector<std::string> names = numbered_landmarks(bone);
  std::vector<Taken> taken;
  for (const std::string& name : names)
  {
    const Vec3 p = bone.landmarks.at(name);
    taken.push_back({x + view.column(p), y + view.row(p), 6});
  }
  for (std::size_t n = 0; n < names.size(); ++n)
  {
    const Vec3 p = bone.landmarks.at(names[n]);
    draw_number(pen, x + view.column(p), y + view.row(p), static_cast<int>(n) + 1,
                view.hides(p, near_surface_mm), taken);
  }
}

std::string in_words(std::string name)
{
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

void draw_directions(cairo_t* pen, const Panel& panel, const DepthView& view, double x, double y)
{
  cairo_set_source_rgb(pen, 0.25, 0.25, 0.25);
  const double middle = x + 0.5 * view.width;
  centred(pen, middle, y + view.height + 34, 15, panel.bottom);
  centred(pen, middle, y - 22, 15, panel.top);
  centred(pen, middle, y + view.height + 62, 18, panel.caption);
  const double half = y + 0.5 * view.height;
  const auto upright = [&](double at, const std::string& words)
  {
    cairo_save(pen);
    cairo_translate(pen, at, half + 0.5 * text_width(pen, 15, words));
    cairo_rotate(pen, -0.5 * std::numbers::pi);
    text(pen, 0, 0, 15, words);
    cairo_restore(pen);
  };
  upright(x - 24, panel.left);
  upright(x + view.width + 36, panel.right);
}

void draw_scale(cairo_t* pen, double x, double y, double pixel_mm)
{
  const double length = 20 / pixel_mm;
  cairo_set_source_rgb(pen, 0, 0, 0);
  cairo_set_line_width(pen, 3);
  cairo_move_to(pen, x, y);
  cairo_line_to(pen, x + length, y);
  cairo_stroke(pen);
  text(pen, x + length + 10, y + 5, 15, "20 mm");
}

void draw_legend(cairo_t* pen, const BoneAnatomy& bone, const PictureWords& words, double x,
                 double y, double bottom)
{
  const auto names = numbered_landmarks(bone);
  cairo_set_source_rgb(pen, 0, 0, 0);
  for (std::size_t n = 0; n < names.size(); ++n, y += 23)
    text(pen, x, y, 16, std::to_string(n + 1) + "  " + in_words(names[n]));
  y += 12;
  text(pen, x, y, 14, "filled dot: on the near side; open: behind bone");
  y += 28;
  std::vector<std::string> notes;
  if (!bone.absent.empty())
  {
    std::vector<std::string> absent;
    for (const std::string& name : bone.absent)
      absent.push_back(in_words(name));
    notes.push_back("not in the image: " + join(absent));
  }
  notes.insert(notes.end(), words.notes.begin(), words.notes.end());
  for (const std::string& note : notes)
  {
    for (const std::string& line : wrapped(pen, 14, note, legend_width - 30))
    {
      if (y > bottom)
        return;
      text(pen, x, y, 14, line);
      y += 19;
    }
    y += 6;
  }
}

} // namespace

std::vector<std::string> numbered_landmarks(const anatomy::BoneAnatomy& bone)
{
  std::vector<std::string> names;
  for (const std::string& name : anatomy::landmark_names(bone.kind))
    if (bone.landmarks.contains(name))
      names.push_back(name);
  return names;
}

void write_landmark_picture(const fs::path& file, const image::Mask& mask,
                            const anatomy::BoneAnatomy& bone, const PictureWords& words)
{
  const std::array<Panel, 3> panels = panels_of(bone);
  const BoneSurface surface = surface_of(mask);
  std::array<std::array<double, 2>, 3> extents{};
  for (std::size_t n = 0; n < 3; ++n)
    extents[n] = extent_mm(surface, panels[n].axes);
  const Layout layout = layout_of(extents, bone.landmarks.size());
  std::array<DepthView, 3> views;
  for (std::size_t n = 0; n < 3; ++n)
    views[n] = view_from(surface, panels[n].axes, layout.pixel_mm);
  PageSurface page(cairo_image_surface_create(CAIRO_FORMAT_RGB24, layout.width, layout.height),
                   cairo_surface_destroy);
  Pen pen(cairo_create(page.get()), cairo_destroy);
  cairo_set_source_rgb(pen.get(), 1, 1, 1);
  cairo_paint(pen.get());
  cairo_set_source_rgb(pen.get(), 0, 0, 0);
  text(pen.get(), margin - 20, 44, 26, words.title, true);
  for (std::size_t n = 0; n < 3; ++n)
  {
    const auto [x, y] = layout.corners[n];
    draw_bone(pen.get(), views[n], x, y);
    draw_directions(pen.get(), panels[n], views[n], x, y);
    draw_landmarks(pen.get(), views[n], x, y, bone);
  }
  draw_scale(pen.get(), layout.legend_x, layout.height - 30, layout.pixel_mm);
  draw_legend(pen.get(), bone, words, layout.legend_x, heading + margin, layout.height - 60);
  save_png(page.get(), file);
}

} // namespace calcar::report
