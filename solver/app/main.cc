#include "app/command.hpp"
#include "base/parallel.hpp"

int main(int argc, char** argv)
{
  return calcar::app::run_program({argv + 1, argv + argc});
}
