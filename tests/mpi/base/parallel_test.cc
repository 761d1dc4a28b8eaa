#include "base/error.hpp"
#include "base/parallel.hpp"

#include <catch2/catch.hpp>

using namespace calcar;

TEST_CASE("an input error on rank 0 reaches every rank unchanged")
{
  std::string seen;
  int fault = -1;
  try
  {
    on_root(MPI_COMM_WORLD,
            [] {
              throw InputError(Fault::data,
                               {"ct.nii.gz", "NaN at (1, 2, 3)", "numbers", "repair it", "x"});
            });
  }
  catch (const InputError& error)
  {
    seen = error.what();
    fault = static_cast<int>(error.fault());
  }
  CHECK(seen == "ct.nii.gz: NaN at (1, 2, 3); allowed: numbers; repair it\nx");
  CHECK(fault == static_cast<int>(Fault::data));
}

TEST_CASE("a failure on the last rank is thrown on all ranks, and success lets all go on")
{
  bool thrown = false;
  try
  {
    on_all(MPI_COMM_WORLD,
           []
           {
             if (rank(MPI_COMM_WORLD) == size(MPI_COMM_WORLD) - 1)
               throw SolveError("diverged");
           });
  }
  catch (const SolveError& error)
  {
    thrown = std::string(error.what()) == "diverged";
  }
  CHECK(thrown);
  CHECK_NOTHROW(on_all(MPI_COMM_WORLD, [] {}));
}

TEST_CASE("a text is broadcast from rank 0")
{
  std::string text = is_root(MPI_COMM_WORLD) ? "title = \"x\"" : "";
  broadcast(text, MPI_COMM_WORLD);
  CHECK(text == "title = \"x\"");
}
