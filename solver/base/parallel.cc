#include "base/parallel.hpp"

#include "base/error.hpp"

#include <malloc.h>

#include <cstdlib>
#include <exception>
#include <optional>

namespace calcar
{
namespace
{
/// An exception as text that can be sent to other ranks.
enum class Kind : int
{
  none,
  input,
  solve,
  other
};

struct Failure
{
  Kind kind = Kind::none;
  Fault fault = Fault::command;
  std::vector<Problem> problems;
  std::string text;
};

Failure run(const std::function<void()>& work, std::exception_ptr& original)
{
  Failure failure;
  try
  {
    work();
  }
  catch (const InputError& error)
  {
    failure = {Kind::input, error.fault(), error.problems(), error.what()};
    original = std::current_exception();
  }
  catch (const SolveError& error)
  {
    failure = {Kind::solve, Fault::command, {}, error.what()};
    original = std::current_exception();
  }
  catch (const std::exception& error)
  {
    failure = {Kind::other, Fault::command, {}, error.what()};
    original = std::current_exception();
  }
  return failure;
}

void broadcast_from(std::string& text, int root, MPI_Comm comm)
{
  unsigned long length = text.size();
  MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG, root, comm);
  text.resize(length);
  MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, root, comm);
}

[[noreturn]] void throw_received(Failure failure, int root, MPI_Comm comm)
{
  int head[3] = {static_cast<int>(failure.kind), static_cast<int>(failure.fault),
                 static_cast<int>(failure.problems.size())};
  MPI_Bcast(head, 3, MPI_INT, root, comm);
  broadcast_from(failure.text, root, comm);
  failure.problems.resize(static_cast<std::size_t>(head[2]));
  for (Problem& problem : failure.problems)
    for (std::string* part :
         {&problem.place, &problem.given, &problem.allowed, &problem.remedy, &problem.excerpt})
      broadcast_from(*part, root, comm);
  switch (static_cast<Kind>(head[0]))
  {
  case Kind::input:
    throw InputError(static_cast<Fault>(head[1]), failure.problems);
  case Kind::solve:
    throw SolveError(failure.text);
  default:
    throw std::runtime_error(failure.text);
  }
}

/// Agrees on the first failing rank and throws its error everywhere; returns when nobody failed.
void agree(const Failure& failure, const std::exception_ptr& original, MPI_Comm comm)
{
  const int none = size(comm);
  int failing = failure.kind == Kind::none ? none : rank(comm);
  MPI_Allreduce(MPI_IN_PLACE, &failing, 1, MPI_INT, MPI_MIN, comm);
  if (failing == none)
    return;
  if (none == 1)
    std::rethrow_exception(original);
  throw_received(failure, failing, comm);
}

/// Rank of this process once MPI was started; what the launcher says before.
int& own_rank()
{
  static int value = []
  {
    for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"})
      if (const char* text = std::getenv(name))
        return std::atoi(text);
    return 0;
  }();
  return value;
}
} // namespace

namespace
{

/// Lets freed memory go back to the system. SuperLU_DIST, which comes with PETSc, switches that off
/// for the whole process when it is loaded (no block of its own for a large array, no trimming): an
/// image that is gone would then weigh on the solve, and grown arrays leave holes.
void return_freed_memory()
{
  mallopt(M_MMAP_MAX, 65536);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

} // namespace

MpiSession::MpiSession(int& argc, char**& argv)
{
  return_freed_memory();
  // MPI ranks are the only parallelism: libraries below get one thread, unless the user says
  // otherwise.
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
                           "DEAL_II_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"})
    setenv(name, "1", 0);
  MPI_Init(&argc, &argv);
  own_rank() = rank(MPI_COMM_WORLD);
}

MpiSession::~MpiSession()
{
  MPI_Finalize();
}

int rank(MPI_Comm comm)
{
  int value = 0;
  MPI_Comm_rank(comm, &value);
  return value;
}

int size(MPI_Comm comm)
{
  int value = 1;
  MPI_Comm_size(comm, &value);
  return value;
}

bool speaks_to_user()
{
  return own_rank() == 0;
}

void broadcast(std::string& text, MPI_Comm comm)
{
  broadcast_from(text, 0, comm);
}

void on_root(MPI_Comm comm, const std::function<void()>& work)
{
  on_all(comm, is_root(comm) ? work : std::function<void()>([] {}));
}

void on_all(MPI_Comm comm, const std::function<void()>& work)
{
  std::exception_ptr original;
  const Failure failure = run(work, original);
  agree(failure, original, comm);
}

} // namespace calcar
