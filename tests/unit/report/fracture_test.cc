#include "report/fracture.hpp"
#include "report/write.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace calcar;

namespace
{
risk::FractureAssessment path_of(double peak, bool reached)
{
  risk::FractureAssessment path;
  path.activity = "one_leg_stance";
  path.title = "One-leg stance";
  path.reference = {"hip force", 1600, "N"};
  path.law = "keyak2005";
  path.law_doubt = "unconfirmed: quoted from memory";
  path.peak_reached = reached;
  path.ended = "the load has fallen past its peak";
  path.load_factor = peak / 1600;
  path.ultimate = peak;
  path.first_yield = 800;
  path.steps.resize(2);
  path.steps[1].factor = peak / 1600;
  path.steps[1].displacement = 1.5;
  path.peak = 1;
  path.start = anatomy::Location{};
  path.start->words = "femoral neck, superolateral";
  return path;
}

report::Results results(bool reached)
{
  report::Results results;
  results.mode = "patient";
  for (const char* name : {"healthy twin", "as is"})
  {
    results.variants.emplace_back();
    results.variants.back().name = name;
  }
  results.variants[0].paths.push_back(path_of(6000, true));
  results.variants[1].paths.push_back(path_of(4503, reached));
  return results;
}
} // namespace

TEST_CASE("The table tells the ultimate load of each variant, and where it begins to fail")
{
  const std::string table = report::fracture_table(results(true));
  CHECK(table.find("6000 N") != std::string::npos);
  CHECK(table.find("4500 N") != std::string::npos); // more digits would promise too much
  CHECK(table.find("femoral neck, superolateral") != std::string::npos);
  CHECK(table.find("unconfirmed") != std::string::npos);
  CHECK(table.find("still rising") == std::string::npos);
  CHECK(report::fracture_table({}).empty());
}

TEST_CASE("A load that was still rising is told as a bound, and no ratio is made of it")
{
  const report::Results risen = results(false);
  CHECK(report::fracture_table(risen).find("over 4500 N") != std::string::npos);
  CHECK(report::fracture_table(risen).find("still rising") != std::string::npos);
  const auto json = report::fracture_json(risen, risen.variants[1]);
  CHECK(json[0]["over_healthy_twin"].is_null());
  CHECK(json[0]["peak_reached"] == false);
  const report::Results broken = results(true);
  CHECK(report::fracture_json(broken, broken.variants[1])[0]["over_healthy_twin"] ==
        Approx(4503.0 / 6000));
}

TEST_CASE("The steps of a path are a table with the load in its unit")
{
  const std::string csv = report::path_csv(path_of(4503, true));
  CHECK(csv.find("load_factor,load_N,displacement_mm") == 0);
  CHECK(csv.find("4503") != std::string::npos);
  risk::FractureAssessment turned = path_of(40, true);
  turned.reference.unit = "N m";
  CHECK(report::path_csv(turned).find("load_Nm,displacement_rad") != std::string::npos);
}
