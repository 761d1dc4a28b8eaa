#pragma once

#include "base/warning.hpp"
#include "mesh/abaqus_lines.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace calcar::mesh::abaqus
{

/// Does the card give elements a material: *SOLID SECTION, *SHELL SECTION, ...?
bool is_section(std::string_view keyword);

/// Cards that are not read, each with how often it stood where first.
struct PassedOver
{
  struct Entry
  {
    std::string keyword;
    std::string written;
    std::string place;
    int count = 0;
  };
  std::vector<Entry> analysis; ///< materials, loads, supports, steps
  std::vector<Entry> joining;  ///< they join or constrain pieces of the mesh
};

/**
 * Notes a card that is not read. Throws InputError at its line for cards that make or change the
 * mesh in ways not supported, and for unknown ones that look like a misspelt card of the mesh.
 */
void pass_over(const Card& card, PassedOver& passed_over);

void warn_of_cards(const PassedOver& passed_over, Warnings& warnings);

} // namespace calcar::mesh::abaqus
