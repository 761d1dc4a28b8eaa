#include "material/density_curve.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::material
{
namespace
{
double value_of(const DensityCurve::Piece& piece, double rho)
{
  if (piece.b == 0)
    return piece.a;
  if (piece.c == 1)
    return piece.a + piece.b * rho;
  return piece.a + piece.b * std::pow(rho, piece.c);
}

DensityCurve::Piece read_piece(const Table& table, double rate_factor)
{
  DensityCurve::Piece piece{};
  piece.rho_min = table.number("rho_min_g_cm3");
  piece.rho_max = table.number("rho_max_g_cm3");
  piece.a = rate_factor * table.number("a_MPa");
  piece.b = rate_factor * table.number("b_MPa");
  piece.c = table.number("c");
  table.require(piece.rho_min >= 0, "rho_min_g_cm3", "0 or more");
  table.require(piece.rho_max > piece.rho_min, "rho_max_g_cm3", "more than rho_min_g_cm3");
  const bool negative = value_of(piece, piece.rho_min) < 0 || value_of(piece, piece.rho_max) < 0;
  table.require(!negative, "b_MPa", "a curve that is nowhere negative on its piece",
                "start the piece at a higher density");
  return piece;
}

std::optional<DensityCurve::Range> read_range(const Table& table)
{
  if (!table.has("tested_g_cm3"))
    return std::nullopt;
  const auto ends = table.numbers("tested_g_cm3");
  const bool valid = ends.size() == 2 && ends[0] >= 0 && ends[1] > ends[0];
  table.require(valid, "tested_g_cm3", "two densities, the lower one first");
  return valid ? std::optional<DensityCurve::Range>({ends[0], ends[1]}) : std::nullopt;
}
} // namespace

DensityCurve DensityCurve::read(const Table& table)
{
  DensityCurve curve;
  const std::string kind = table.choice("density", density_kind_names());
  if (!kind.empty())
    curve.kind_ = density_kind(kind, table.place("density"));
  const double rate = table.number("strain_rate_per_s", 1.0);
  table.require(rate > 0, "strain_rate_per_s", "more than 0");
  const double factor = std::pow(rate, table.number("strain_rate_exponent", 0.0));

  for (const Table& entry : table.tables("piece"))
  {
    curve.pieces_.push_back(read_piece(entry, factor));
    const std::size_t last = curve.pieces_.size() - 1;
    entry.require(last == 0 || curve.pieces_[last].rho_min == curve.pieces_[last - 1].rho_max,
                  "rho_min_g_cm3", "the rho_max_g_cm3 of the piece before",
                  "leave no gap and no overlap");
  }
  if (curve.pieces_.empty())
    table.complain("piece", "there is no [[piece]]", "at least one",
                   "add rho_min_g_cm3, rho_max_g_cm3, a_MPa, b_MPa and c");
  curve.tested_ = read_range(table);
  return curve;
}

double DensityCurve::value(double rho) const
{
  if (std::isnan(rho))
    return rho;
  const double inside = std::clamp(rho, pieces_.front().rho_min, pieces_.back().rho_max);
  for (const Piece& piece : pieces_)
    if (inside < piece.rho_max)
      return value_of(piece, inside);
  return value_of(pieces_.back(), inside);
}

} // namespace calcar::material
