#include "report/results.hpp"

namespace calcar::report
{

const risk::ActivityAssessment* find_activity(const Results& results, const std::string& variant,
                                              const std::string& activity)
{
  for (const VariantResults& candidate : results.variants)
    if (candidate.name == variant)
      for (const risk::ActivityAssessment& assessment : candidate.activities)
        if (assessment.activity == activity)
          return &assessment;
  return nullptr;
}

} // namespace calcar::report
