#include "geometry/xml_text.hpp"

#include "geometry/surface_text.hpp"

#include <algorithm>
#include <array>

namespace calcar::geometry
{
namespace
{

constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t deepest = 30;

class Parser
{
public:
  Parser(std::string_view text, std::string place, std::string raw)
      : text_(text), place_(std::move(place)), raw_(std::move(raw))
  {
  }

  XmlElement document()
  {
    XmlElement top;
    children_of(top, 0);
    if (top.children.size() != 1)
      refuse_here(top.children.empty() ? "no element" : "several elements",
                  "one outermost element");
    return std::move(top.children.front());
  }

private:
  /// Elements up to the closing tag of `parent`, or up to the end of the file.
  void children_of(XmlElement& parent, std::size_t depth)
  {
    while (true)
    {
      const std::size_t tag = text_.find('<', at_);
      if (tag == std::string_view::npos)
      {
        at_ = text_.size();
        if (depth > 0)
          refuse_here("the file ends inside <" + parent.name + ">", "</" + parent.name + ">");
        return;
      }
      parent.end = at_ = tag;
      if (passed("<!--", "-->") || passed("<?", "?>"))
        continue;
      if (text_.substr(at_).starts_with("</"))
        return close(parent, depth);
      if (depth == deepest)
        refuse_here("elements inside each other more than 30 deep", "a file of VTK");
      parent.children.push_back(element(depth + 1));
    }
  }

  bool passed(std::string_view begin, std::string_view end)
  {
    if (!text_.substr(at_).starts_with(begin))
      return false;
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos)
      refuse_here("the file ends behind " + std::string(begin), std::string(end));
    at_ = found + end.size();
    return true;
  }

  void close(const XmlElement& parent, std::size_t depth)
  {
    const std::string tag = "</" + parent.name;
    std::size_t after = at_ + tag.size();
    if (depth == 0 || !text_.substr(at_).starts_with(tag))
      refuse_here("a closing tag that closes nothing",
                  depth == 0 ? "elements that begin" : tag + ">");
    after = text_.find_first_not_of(blanks, after);
    if (after == std::string_view::npos || text_[after] != '>')
      refuse_here("a closing tag that is not closed", tag + ">");
    at_ = after + 1;
  }

  XmlElement element(std::size_t depth)
  {
    XmlElement element;
    element.line = line();
    ++at_;
    element.name = name();
    while (true)
    {
      skip_blanks();
      if (text_.substr(at_).starts_with("/>"))
      {
        at_ += 2;
        element.begin = element.end = at_;
        return element;
      }
      if (text_.substr(at_).starts_with(">"))
        break;
      attribute_into(element);
    }
    element.begin = element.end = ++at_;
    if (element.name == raw_)
      pass_raw(element);
    else
      children_of(element, depth);
    return element;
  }

  void pass_raw(XmlElement& element)
  {
    element.end = text_.rfind("</" + raw_);
    if (element.end == std::string_view::npos || element.end < at_)
      refuse_here("the file ends inside <" + raw_ + ">", "</" + raw_ + ">");
    at_ = element.end;
    close(element, 1);
  }

  void attribute_into(XmlElement& element)
  {
    std::string key = name();
    skip_blanks();
    if (!text_.substr(at_).starts_with("="))
      refuse_here("attribute " + key.substr(0, 30) + " has no value", "name=\"value\"");
    ++at_;
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    const std::size_t end =
        quote == '"' || quote == '\'' ? text_.find(quote, at_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos)
      refuse_here("attribute " + key.substr(0, 30) + " has no value in quotes", "name=\"value\"");
    element.attributes.emplace_back(std::move(key), decoded(text_.substr(at_ + 1, end - at_ - 1)));
    at_ = end + 1;
  }

  std::string name()
  {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n=/<>\"'", at_), text_.size());
    if (end == at_)
      refuse_here("a tag that is no tag of XML", "names of elements and attributes");
    std::string found(text_.substr(at_, end - at_));
    at_ = end;
    return found;
  }

  static std::string decoded(std::string_view value)
  {
    constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
    std::string text;
    while (!value.empty())
    {
      const auto entity = std::find_if(entities.begin(), entities.end(),
                                       [&](const auto& e) { return value.starts_with(e.first); });
      text += entity == entities.end() ? value.front() : entity->second;
      value.remove_prefix(entity == entities.end() ? 1 : entity->first.size());
    }
    return text;
  }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }

  std::size_t line() const
  {
    return 1 + static_cast<std::size_t>(std::count(
                   text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
  }

  [[noreturn]] void refuse_here(const std::string& given, const std::string& allowed) const
  {
    refuse_file(place_ + ":" + std::to_string(line()), given, allowed,
                "save the mesh again, it may be cut off or damaged");
  }

  std::string_view text_;
  std::string place_;
  std::string raw_;
  std::size_t at_ = 0;
};

} // namespace

std::string XmlElement::attribute(std::string_view key, const std::string& otherwise) const
{
  for (const auto& [known, value] : attributes)
    if (known == key)
      return value;
  return otherwise;
}

const XmlElement* XmlElement::child(std::string_view wanted) const
{
  for (const XmlElement& element : children)
    if (element.name == wanted)
      return &element;
  return nullptr;
}

XmlElement parse_xml(std::string_view text, const std::string& place, const std::string& raw)
{
  return Parser(text, place, raw).document();
}

} // namespace calcar::geometry
