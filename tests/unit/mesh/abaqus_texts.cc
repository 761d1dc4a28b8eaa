#include "unit/mesh/abaqus_texts.hpp"

#include <catch2/catch.hpp>

namespace calcar::mesh::test::decks
{

Numbers nodes_in(const FileMesh& mesh, const std::string& name)
{
  for (const FileNodeSet& set : mesh.node_sets)
    if (set.name == name)
      return set.nodes;
  FAIL("no node set " << name);
  return {};
}

void check_refused(const std::string& text, const std::vector<std::string>& words)
{
  INFO(text);
  const std::string said = refusal_of([&] { inp.parse(text); });
  INFO(said);
  CHECK(said.starts_with(words.front() + ": "));
  for (const std::string& word : words)
    CHECK(said.find(word) != std::string::npos);
}

} // namespace calcar::mesh::test::decks
