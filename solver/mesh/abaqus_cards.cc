#include "mesh/abaqus_cards.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace calcar::mesh::abaqus
{
namespace
{

/// They make nodes or elements, or move them.
constexpr std::array<std::string_view, 14> unsupported = {
    "NGEN",     "NFILL",       "NCOPY",        "NMAP",   "ELGEN",       "ELCOPY",
    "SYSTEM",   "PARAMETER",   "IMPERFECTION", "IMPORT", "MODELCHANGE", "SYMMETRICMODELGENERATION",
    "SUBMODEL", "SUPERELEMENT"};

constexpr std::array<std::string_view, 24> joining = {"TIE",
                                                      "MPC",
                                                      "EQUATION",
                                                      "COUPLING",
                                                      "KINEMATIC",
                                                      "DISTRIBUTING",
                                                      "KINEMATICCOUPLING",
                                                      "DISTRIBUTINGCOUPLING",
                                                      "RIGIDBODY",
                                                      "EMBEDDEDELEMENT",
                                                      "CONTACTPAIR",
                                                      "CONTACT",
                                                      "CONTACTINCLUSIONS",
                                                      "SHELLTOSOLIDCOUPLING",
                                                      "FASTENER",
                                                      "PRETENSIONSECTION",
                                                      "SPRING",
                                                      "DASHPOT",
                                                      "GAP",
                                                      "CYCLICSYMMETRYMODEL",
                                                      "TIEDCONTACT",
                                                      "CLEARANCE",
                                                      "RELEASE",
                                                      "FOUNDATION"};

/// They say nothing about the body.
constexpr std::array<std::string_view, 21> silent = {
    "HEADING",     "PREPRINT",     "OUTPUT",      "NODEOUTPUT",   "ELEMENTOUTPUT", "NODEFILE",
    "NODEPRINT",   "ELFILE",       "ELPRINT",     "RESTART",      "FILEFORMAT",    "MONITOR",
    "ENERGYPRINT", "ENERGYOUTPUT", "CONTACTFILE", "CONTACTPRINT", "CONTACTOUTPUT", "SECTIONPRINT",
    "SECTIONFILE", "PRINT",        "ENDSTEP"};

const std::vector<std::string> mesh_cards = {
    "NODE",     "ELEMENT",     "NSET",     "ELSET",       "SURFACE", "PART",        "ENDPART",
    "ASSEMBLY", "ENDASSEMBLY", "INSTANCE", "ENDINSTANCE", "INCLUDE", "SOLIDSECTION"};

template <std::size_t count>
bool is_one_of(std::string_view keyword, const std::array<std::string_view, count>& list)
{
  return std::find(list.begin(), list.end(), keyword) != list.end();
}

void note(const Card& card, std::vector<PassedOver::Entry>& entries)
{
  for (PassedOver::Entry& entry : entries)
    if (entry.keyword == card.keyword)
    {
      ++entry.count;
      return;
    }
  entries.push_back({card.keyword, card.written, card.place, 1});
}

/// "*Material (2, first at deck.inp:17), *Boundary (deck.inp:30)"
std::string in_words(const std::vector<PassedOver::Entry>& entries)
{
  constexpr std::size_t most = 20;
  std::vector<std::string> words;
  for (const PassedOver::Entry& entry : entries)
    if (words.size() < most)
      words.push_back(
          entry.written + " (" +
          (entry.count > 1 ? std::to_string(entry.count) + ", first at " : std::string()) +
          entry.place + ")");
  if (entries.size() > most)
    words.push_back("and " + std::to_string(entries.size() - most) + " more");
  return join(words);
}

} // namespace

bool is_section(std::string_view keyword)
{
  constexpr std::array<std::string_view, 14> sections = {
      "SOLIDSECTION",    "SHELLSECTION",       "SHELLGENERALSECTION", "MEMBRANESECTION",
      "BEAMSECTION",     "BEAMGENERALSECTION", "SURFACESECTION",      "COHESIVESECTION",
      "GASKETSECTION",   "CONNECTORSECTION",   "FRAMESECTION",        "TRUSSSECTION",
      "EULERIANSECTION", "USERELEMENTSECTION"};
  return is_one_of(keyword, sections);
}

void pass_over(const Card& card, PassedOver& passed_over)
{
  if (is_one_of(card.keyword, unsupported))
    refuse(card.place, card.written + " makes or changes the mesh and is not supported",
           "*NODE and *ELEMENT with all nodes and elements in global coordinates",
           "let your program write the deck without it");
  if (is_one_of(card.keyword, silent))
    return;
  if (is_one_of(card.keyword, joining))
    return note(card, passed_over.joining);
  const std::string near = nearest_name(card.keyword, mesh_cards);
  if (!near.empty())
    refuse(card.place, "unknown card " + card.written, "the cards of Abaqus",
           "did you mean *" + near + "?");
  note(card, passed_over.analysis);
}

void warn_of_cards(const PassedOver& passed_over, Warnings& warnings)
{
  if (!passed_over.analysis.empty())
    warnings.push_back({"mesh_cards_not_read",
                        "only the mesh is read, not " + in_words(passed_over.analysis),
                        passed_over.analysis.front().place});
  if (!passed_over.joining.empty())
    warnings.push_back(
        {"mesh_constraints_not_read",
         "cards that join or constrain the mesh are not read: " + in_words(passed_over.joining) +
             "; pieces that only they hold together come apart",
         passed_over.joining.front().place});
}

} // namespace calcar::mesh::abaqus
