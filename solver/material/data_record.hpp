#pragma once

#include "base/provenance.hpp"
#include "base/table.hpp"

#include <string>
#include <vector>

namespace calcar::material
{

/// How well a number of a data file is founded.
enum class Status
{
  verified, ///< seen in a published abstract or table, or in open code that names the paper
  verified_by_arithmetic, ///< follows by arithmetic from verified numbers
  secondary,              ///< seen only in somebody's notes about the paper
  recalled_high,          ///< quoted from memory with high confidence
  recalled_medium,
  recalled_low,
  project_choice ///< our own decision, with its reason in the note
};

/// The status by its word in the data files; `choice` of them is offered by `status_names`.
const std::vector<std::string>& status_names();
std::string to_string(Status status);

/// True for verified numbers; all others are shown with "unconfirmed" beside them.
bool is_confirmed(Status status);

/// "" when confirmed, else "unconfirmed: quoted from memory with medium confidence" and the like,
/// for the report.
std::string doubt(Status status);

/// What every data file says about itself.
struct DataRecord
{
  std::string name;   ///< as the file is called
  std::string words;  ///< one line for lists and reports
  std::string source; ///< author, year, journal
  Status status = Status::recalled_low;
  std::string note; ///< may be empty
  Source file;
};

/// Reads name, words, source, status and note; a name that differs from the file's is a problem of
/// the table.
DataRecord read_record(const Table& table);

/// Reads the status at a key.
Status read_status(const Table& table, const std::string& key = "status");

} // namespace calcar::material
