#pragma once

#include "base/provenance.hpp"
#include "base/warning.hpp"

#include <optional>
#include <string>

namespace calcar::model
{

/// What a child's age means for the laws of bone: materials/child_law.toml, which gives its source.
/// No law is changed.
struct ChildLaw
{
  Warnings warnings; ///< "child_law" for a child, else none
  Source file;       ///< behind it
};

/// For a patient of this age; none given: taken for an adult, without a warning. `place` is where
/// the age stands ("[patient] age_years").
ChildLaw child_law(std::optional<double> age_years, const std::string& place);

} // namespace calcar::model
