// Decks cut off and decks with wrong bytes: read or refused, never anything else.

#include "base/error.hpp"
#include "base/files.hpp"
#include "mesh/abaqus.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace calcar;
using namespace calcar::mesh;

namespace
{
const std::filesystem::path decks =
    std::filesystem::path(CALCAR_SOURCE_DIR) / "tests/data/meshes/abaqus";

const std::vector<std::string> names = {
    "cae_assembly.inp",    "cae_independent.inp", "hypermesh.inp",
    "gmsh_metres.inp",     "mimics.inp",          "hand.inp",
    "salome_calculix.inp", "freecad.inp",         "prepomax.inp",
    "input_files.inp",     "refused_skin.inp"};

/// True when it was read, false when it was refused with a place; another exception fails the test.
bool is_read(const std::string& text, const std::filesystem::path& deck)
{
  try
  {
    assemble(read_abaqus(text, deck.string(), 1), {deck.string(), ""});
    return true;
  }
  catch (const InputError& error)
  {
    for (const Problem& problem : error.problems())
      if (problem.place.empty() || problem.given.empty())
        FAIL("a message without place or cause: " << error.what());
    return false;
  }
}
} // namespace

TEST_CASE("a deck cut off at any byte is read or refused")
{
  for (const std::string& name : names)
  {
    const std::string text = read_text(decks / name);
    int refused = 0;
    for (std::size_t size = 0; size < text.size(); ++size)
      refused += !is_read(text.substr(0, size), decks / name);
    INFO(name);
    CHECK(refused > 0);
  }
}

TEST_CASE("a deck with wrong bytes is read or refused")
{
  std::mt19937 random(7);
  const std::string bytes = std::string("*,=\"\n\r\t .-+0123456789eEdDnaxS") + '\0' + '\xff';
  for (const std::string& name : names)
  {
    const std::string text = read_text(decks / name);
    int refused = 0;
    for (int n = 0; n < 1000; ++n)
    {
      std::string damaged = text;
      for (std::size_t hits = 1 + random() % 3; hits > 0; --hits)
        switch (const std::size_t at = random() % damaged.size(); random() % 3)
        {
        case 0:
          damaged[at] = bytes[random() % bytes.size()];
          break;
        case 1:
          damaged.erase(at, 1 + random() % 20);
          break;
        default:
          damaged.insert(at, damaged.substr(random() % damaged.size(), random() % 60));
        }
      refused += !is_read(damaged, decks / name);
    }
    INFO(name);
    CHECK(refused > 0);
  }
}
