#pragma once

#include "implant/path.hpp"
#include "material/criteria.hpp"
#include "risk/fixation.hpp"
#include "unit/risk/support.hpp"

/// A block of bone of 1 mm voxels about the origin with made-up hardware in it.
struct FixedBlock
{
  calcar::model::VoxelModel body;
  calcar::implant::Fixation fixation;
  calcar::model::HardwareVoxels hardware;
  std::vector<calcar::lesion::PlacedLesion> lesions;
  calcar::anatomy::BoneAnatomy bone;
  std::vector<calcar::model::NodeIndex> nodes;

  explicit FixedBlock(std::array<int, 3> size, calcar::Vec3 spacing = {1, 1, 1}, double turn = 0)
      : body(Block::make(bodies::grid(size, spacing, turn)))
  {
    hardware.grid = body.body.grid;
    bone.frame = {{0, 0, 0}, {-1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
    bone.kind = calcar::anatomy::BoneKind::vertebra;
  }

  calcar::Vec3 centre(std::size_t n) const
  {
    return calcar::model::voxel_centre(body.body.grid, body.body.voxels[n]);
  }

  /// Makes the voxels whose centres lie inside those of the last component.
  void fill(const bodies::Place& inside, calcar::model::TissueKind tissue, double youngs,
            double poisson)
  {
    calcar::model::HardwareVoxels all;
    all.grid = hardware.grid;
    const auto last = static_cast<std::uint16_t>(fixation.components.size() - 1);
    const auto add = [&](std::uint64_t voxel, std::uint16_t component,
                         calcar::model::TissueKind kind, float E, float nu)
    {
      all.voxels.push_back(voxel);
      all.component.push_back(component);
      all.share.push_back(1);
      all.youngs.push_back(E);
      all.poisson.push_back(nu);
      all.tissue.push_back(kind);
    };
    std::size_t old = 0;
    for (std::size_t n = 0; n < body.body.voxels.size(); ++n)
    {
      const std::uint64_t voxel = body.body.voxels[n];
      const bool was = old < hardware.voxels.size() && hardware.voxels[old] == voxel;
      if (was)
      {
        add(voxel, hardware.component[old], hardware.tissue[old], hardware.youngs[old],
            hardware.poisson[old]);
        ++old;
      }
      else if (inside(centre(n)))
      {
        add(voxel, last, tissue, static_cast<float>(youngs), static_cast<float>(poisson));
        body.tissue[n] = tissue;
        body.body.youngs[n] = static_cast<float>(youngs);
        body.body.poisson[n] = static_cast<float>(poisson);
        body.compressive_strength[n] = body.tensile_strength[n] = body.ash[n] = 0;
      }
    }
    hardware = std::move(all);
    calcar::model::ComponentRaster raster;
    raster.name = fixation.components.back().name;
    hardware.components.resize(fixation.components.size() - 1);
    hardware.components.push_back(raster);
  }

  /// A round bar along a line, of metal.
  void add_bar(calcar::implant::ComponentKind kind, const std::string& name, calcar::Vec3 from,
               calcar::Vec3 to, double diameter, const std::vector<std::string>& joined = {})
  {
    using namespace calcar;
    const material::Alloy alloy = material::alloy("ti6al4v_eli", "");
    const implant::CrossSection section = implant::round_section(diameter);
    implant::Component bar;
    bar.name = name;
    bar.kind = kind;
    bar.alloy = "ti6al4v_eli";
    bar.axis = {from, to};
    bar.solid = geometry::cylinder(from, to, 0.5 * diameter);
    bar.radius_mm = bar.reach_mm = 0.5 * diameter;
    bar.runs = {{0, norm(to - from), section, implant::stiffness(section, alloy)}};
    bar.weakest = section;
    bar.stiffness = bar.runs[0].stiffness;
    bar.joined = joined;
    fixation.components.push_back(bar);
    fill([&](Vec3 p) { return bar.solid.contains(p); }, model::TissueKind::metal, alloy.youngs,
         alloy.poisson);
  }

  void add_cement(const std::string& name, calcar::Vec3 at, const bodies::Place& inside)
  {
    using namespace calcar;
    const material::Alloy pmma = material::alloy("pmma", "");
    implant::Component cement;
    cement.name = name;
    cement.kind = implant::ComponentKind::cement;
    cement.alloy = "pmma";
    cement.axis = {at};
    fixation.components.push_back(cement);
    fill(inside, model::TissueKind::cement, pmma.youngs, pmma.poisson);
  }

  calcar::risk::FixedBody view() const { return {fixation, hardware, body, lesions, bone, nodes}; }

  /// The same strain everywhere, in grid axes, with the displacements it comes from.
  calcar::analysis::Response strained(const calcar::SymTensor& strain) const
  {
    calcar::analysis::Response response;
    response.strain.assign(body.body.voxels.size(), strain);
    const calcar::Vec3 spacing = body.body.grid.spacing;
    for (const auto& node : calcar::model::nodes_of(body.body.grid, body.body.voxels))
      response.displacement.push_back(
          strain * calcar::Vec3{node.i * spacing.x, node.j * spacing.y, node.k * spacing.z});
    return response;
  }
};

/// Strain of uniaxial stress of size `stress` along z.
inline calcar::SymTensor uniaxial(double stress, double youngs, double poisson)
{
  const double along = stress / youngs;
  return {-poisson * along, -poisson * along, along, 0, 0, 0};
}
