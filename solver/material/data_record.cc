#include "material/data_record.hpp"

#include <algorithm>
#include <filesystem>

namespace calcar::material
{

const std::vector<std::string>& status_names()
{
  static const std::vector<std::string> names{
      "verified",        "verified_by_arithmetic", "secondary",     "recalled_high",
      "recalled_medium", "recalled_low",           "project_choice"};
  return names;
}

std::string to_string(Status status)
{
  return status_names()[static_cast<std::size_t>(status)];
}

bool is_confirmed(Status status)
{
  return status == Status::verified || status == Status::verified_by_arithmetic;
}

std::string doubt(Status status)
{
  switch (status)
  {
  case Status::verified:
  case Status::verified_by_arithmetic:
    return "";
  case Status::secondary:
    return "unconfirmed: seen only in notes about the source";
  case Status::recalled_high:
    return "unconfirmed: quoted from memory with high confidence";
  case Status::recalled_medium:
    return "unconfirmed: quoted from memory with medium confidence";
  case Status::recalled_low:
    return "unconfirmed: quoted from memory with low confidence";
  case Status::project_choice:
    return "unconfirmed: a decision of this project";
  }
  return "unconfirmed";
}

Status read_status(const Table& table, const std::string& key)
{
  const std::string word = table.choice(key, status_names());
  const auto found = std::find(status_names().begin(), status_names().end(), word);
  return found == status_names().end() ? Status::recalled_low
                                       : static_cast<Status>(found - status_names().begin());
}

DataRecord read_record(const Table& table)
{
  DataRecord record;
  record.file = table.source();
  record.name = table.text("name");
  record.words = table.text("words");
  record.source = table.text("source");
  record.status = read_status(table);
  record.note = table.text("note", "");
  table.require(!table.has("source") || !record.source.empty(), "source",
                "the paper, table or code the numbers come from", "cite it");
  const std::string stem = std::filesystem::path(record.file.path).stem().string();
  table.require(stem.empty() || record.name == stem, "name", "the file's name, \"" + stem + "\"",
                "rename the file or the entry");
  return record;
}

} // namespace calcar::material
