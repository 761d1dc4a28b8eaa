#define CATCH_CONFIG_RUNNER
#include "base/parallel.hpp"

#include <catch2/catch.hpp>

int main(int argc, char** argv)
{
  const calcar::MpiSession session(argc, argv);
  return Catch::Session().run(argc, argv);
}
