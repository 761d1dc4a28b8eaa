#include "model/interface_data.hpp"

#include "base/files.hpp"
#include "base/table.hpp"

namespace calcar::model
{

InterfaceLayer read_interface_layer(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  InterfaceLayer layer;
  layer.record = material::read_record(table);
  layer.loose = table.number("loose_MPa");
  table.require(layer.loose > 0, "loose_MPa", "more than 0 MPa",
                "a small modulus keeps what is loose in its place");
  layer.pressed = table.number("pressed_MPa");
  table.require(layer.pressed > layer.loose, "pressed_MPa", "more than loose_MPa");
  table.check();
  return layer;
}

InterfaceLayer interface_layer(const std::string& name)
{
  return read_interface_layer(data_file("materials/interfaces", name, "interface", "interface"));
}

} // namespace calcar::model
