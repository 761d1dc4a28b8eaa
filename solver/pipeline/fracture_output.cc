#include "pipeline/fracture_output.hpp"

#include "base/files.hpp"
#include "report/fracture.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace calcar::pipeline
{

std::vector<report::Field> fracture_fields(const risk::FractureAssessment& found,
                                           const analysis::FracturePath& path)
{
  const voxel::YieldingFields& at = path.at_end;
  return {{"fracture_state", {found.state.begin(), found.state.end()}},
          {"accumulated_plastic_strain", {at.accumulated.begin(), at.accumulated.end()}},
          {"yield_stress_left", {at.left.begin(), at.left.end()}},
          {"softened_at_step", {at.softened_at.begin(), at.softened_at.end()}}};
}

void record_path(risk::FractureAssessment found, const ResultsFolder& folder,
                 report::VariantResults& out)
{
  std::string file = "path_" + out.name + "_" + found.activity + ".csv";
  std::replace(file.begin(), file.end(), ' ', '_');
  write_text(folder.path() / file, report::path_csv(found));
  found.state = {};
  out.paths.push_back(std::move(found));
}

} // namespace calcar::pipeline
