#pragma once

#include "pipeline/case.hpp"
#include "unit/material/scratch_file.hpp"
#include "unit/pipeline/case_files.hpp"

#include <string>

namespace calcar::pipeline::test
{

/// A case from the text of its file, case.toml.
inline Case read(const std::string& text)
{
  const Folder folder;
  return read_case(folder.write("case.toml", text));
}

/// What is said against a case file; "" when nothing.
inline std::string refused(const std::string& text)
{
  return refusal([&] { read(text); });
}

} // namespace calcar::pipeline::test
