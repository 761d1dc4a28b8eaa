#include "pipeline/field_files.hpp"

#include <algorithm>

namespace calcar::pipeline
{

void write_fields(const std::string& name, const model::VoxelBody& body,
                  const std::vector<report::Field>& fields, const OutputOptions& options,
                  const ResultsFolder& folder)
{
  std::string file = name;
  std::replace(file.begin(), file.end(), ' ', '_');
  if (options.fields)
    report::write_vti(folder.path() / "fields" / (file + ".vti"), body, fields);
  if (options.nifti)
    report::write_niftis(folder.path() / "fields", file + "_", body, fields);
}

std::vector<float> numbers_of(const std::vector<model::TissueKind>& tissues)
{
  std::vector<float> numbers;
  numbers.reserve(tissues.size());
  for (const model::TissueKind tissue : tissues)
    numbers.push_back(static_cast<float>(tissue));
  return numbers;
}

} // namespace calcar::pipeline
