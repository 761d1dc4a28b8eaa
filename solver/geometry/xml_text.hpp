#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calcar::geometry
{

/// An element of an XML file.
struct XmlElement
{
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::size_t begin = 0; ///< of what it holds, in the text of the file
  std::size_t end = 0;
  std::size_t line = 0;
  std::vector<XmlElement> children;

  /// The value of an attribute, or `otherwise`.
  std::string attribute(std::string_view name, const std::string& otherwise = "") const;
  /// The first child of this name, or nullptr.
  const XmlElement* child(std::string_view name) const;
};

/**
 * The elements of an XML file, as far as VTK's files use XML: no document types, no namespaces.
 * What an element named `raw` holds is not looked into, since it may be binary; it ends at the last
 * tag that closes one. Throws InputError (data) with line.
 */
XmlElement parse_xml(std::string_view text, const std::string& place, const std::string& raw);

} // namespace calcar::geometry
