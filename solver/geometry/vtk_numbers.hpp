#pragma once

#include "geometry/number_stream.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

// What the readers of VTK's two formats have in common.

namespace calcar::geometry
{

/// The remedy of a file that is spoiled.
inline constexpr const char* save_again = "save the mesh again, it may be cut off or damaged";

/// What a format calls a type of numbers.
struct NumberTypeName
{
  const char* name;
  NumberType type;
};

/// The type with this name; nothing when none has it.
inline std::optional<NumberType> type_named(std::string_view name,
                                            std::span<const NumberTypeName> types)
{
  const auto type = std::find_if(types.begin(), types.end(),
                                 [&](const NumberTypeName& t) { return name == t.name; });
  return type == types.end() ? std::nullopt : std::optional(type->type);
}

} // namespace calcar::geometry
