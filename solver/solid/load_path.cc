#include "solid/load_path.hpp"

#include "model/path_following.hpp"

namespace calcar::solid
{

PathResult follow(YieldingBody& body, const PathLoad& load, const PathOptions& options,
                  const OnStep& on_step)
{
  return model::follow_path<PathResult>(body, load, options, on_step,
                                        [](auto& path, auto&) { path.begin(); });
}

PathResult resume(YieldingBody& body, const PathLoad& load, const PathOptions& options,
                  const Standing& at, std::vector<model::PathStep> steps, const OnStep& on_step)
{
  return model::follow_path<PathResult>(body, load, options, on_step,
                                        [&](auto&, model::PathProgress& progress)
                                        {
                                          body.stand(at);
                                          progress.record.steps = std::move(steps);
                                          progress.find_peak();
                                        });
}

} // namespace calcar::solid
