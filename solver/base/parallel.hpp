#pragma once

#include <mpi.h>

#include <functional>
#include <string>

namespace calcar
{

/// Initialises MPI for the life of the object, with TBB, BLAS and ITK set to one thread a rank.
class MpiSession
{
public:
  MpiSession(int& argc, char**& argv);
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
};

int rank(MPI_Comm comm);
int size(MPI_Comm comm);
inline bool is_root(MPI_Comm comm)
{
  return rank(comm) == 0;
}

/// True on the rank that speaks to the user: rank 0, also before MPI is started and after it has
/// ended.
bool speaks_to_user();

/// Sends root's text to all ranks.
void broadcast(std::string& text, MPI_Comm comm);

/**
 * Runs `work` on rank 0 alone; the other ranks wait. When it throws an InputError or SolveError
 * there, the same error is thrown on every rank, so that nobody is left behind in a collective. Any
 * other exception becomes a std::runtime_error on the other ranks.
 */
void on_root(MPI_Comm comm, const std::function<void()>& work);

/**
 * Runs `work` on every rank and then agrees: when it throws on one rank, the first failing rank's
 * error is thrown on all of them. `work` must not communicate itself: a rank that fails in the
 * middle would meet the others' messages. Errors of such work must be the same on all ranks by
 * themselves; any other ends the whole job.
 */
void on_all(MPI_Comm comm, const std::function<void()>& work);

} // namespace calcar
