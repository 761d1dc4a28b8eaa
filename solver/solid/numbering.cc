#include "solid/numbering.hpp"

#include "solid/spread.hpp"

#include <stdexcept>

namespace calcar::solid
{
namespace
{

constexpr std::uint32_t nothing = 0xffffffff;

std::vector<std::uint32_t> rows_of_own_cells(const Elements& elements)
{
  std::vector<std::uint32_t> rows;
  for (std::size_t c = 0; c < elements.cells().size(); ++c)
    for (const std::uint32_t n : elements.cell_nodes(c))
      rows.push_back(n < elements.owned() ? elements.first_owned() + n
                                          : elements.ghosts()[n - elements.owned()]);
  return rows;
}

} // namespace

Numbering number_nodes(const Elements& elements, const std::vector<std::uint32_t>& nodes_of_cell,
                       MPI_Comm comm)
{
  Numbering numbering;
  numbering.cells = gather(elements.cells(), comm);
  const std::vector<std::uint32_t> rows = gather(rows_of_own_cells(elements), comm);
  on_root(comm,
          [&]
          {
            const auto per_cell = static_cast<std::size_t>(elements.nodes_per_cell());
            numbering.node_of_row.assign(elements.nodes(), nothing);
            numbering.row_of_node.assign(elements.nodes(), nothing);
            for (std::size_t n = 0; n < rows.size(); ++n)
            {
              const std::uint32_t node =
                  nodes_of_cell[per_cell * numbering.cells[n / per_cell] + n % per_cell];
              if (node >= elements.nodes())
                throw std::logic_error("deal.II has fewer nodes than the mesh");
              std::uint32_t& of_row = numbering.node_of_row[rows[n]];
              std::uint32_t& of_node = numbering.row_of_node[node];
              if ((of_row != nothing && of_row != node) ||
                  (of_node != nothing && of_node != rows[n]))
                throw std::logic_error("deal.II numbers the nodes of the mesh otherwise");
              of_row = node;
              of_node = rows[n];
            }
          });
  return numbering;
}

} // namespace calcar::solid
