#include "material/criteria.hpp"
#include "refusal.hpp"
#include "unit/risk/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace calcar;
using namespace calcar::risk;
using Catch::Contains;

namespace
{
/// Limits in round numbers, judged everywhere; the headline is the largest principal strain.
material::Protocol protocol()
{
  material::Protocol result = material::protocol("rizzoli_linear", "");
  result.criterion = "max_principal_strain";
  result.limits.tension = 0.008;
  result.limits.compression = 0.010;
  result.effective_limits.effective_strain = 0.007;
  result.effective_limits.critical_volume_fraction = 0.02;
  result.domain = everywhere();
  return result;
}

/// The strain of a uniaxial stress in MPa along the third axis of the grid.
SymTensor uniaxial(double stress)
{
  const double e = stress / 10000;
  return {-0.3 * e, -0.3 * e, e, 0, 0, 0};
}

struct Case
{
  Block block{{8, 8, 12}};
  analysis::Response response;
  load::LoadCase load_case;
  load::Rig rig;
  material::Protocol protocol = ::protocol();
  anatomy::BoneAnatomy bone = synthetic_femur(anatomy::Side::left).anatomy;
  double body_weight_N = 700;

  explicit Case(double stress)
  {
    response.strain.assign(block.model.body.voxels.size(), uniaxial(stress));
    response.displacement = {{0, 0, 0}, {0.3, 0, -0.4}, {0.1, 0.1, 0.1}};
    response.reactions = {{"floor", {1, 2, 3}}};
    load_case.name = "level_walking";
    load_case.title = "Level walking";
    load_case.rig = "femur_stance";
    load_case.reference = {"hip contact force", 1600, "N"};
  }

  ActivityAssessment judge() const
  {
    return assess(
        judged_body(block.model, block.lattice, block.surface, protocol.domain, load_case, rig),
        response, load_case, rig, protocol, bone, body_weight_N);
  }
};

const CriterionResult& of(const ActivityAssessment& assessment, const std::string& name)
{
  for (const CriterionResult& result : assessment.criteria)
    if (result.criterion == name)
      return result;
  throw std::out_of_range(name);
}

double hoffman(double s, double c, double t)
{
  const double a = s * s / (c * t), b = (c - t) * s / (c * t);
  return (b + std::sqrt(b * b + 4 * a)) / 2;
}
} // namespace

TEST_CASE("uniaxial compression has the closed-form utilisation of every criterion")
{
  const double stress = -50;
  const ActivityAssessment result = Case(stress).judge();
  CHECK(of(result, "max_principal_strain").utilisation == Approx(0.005 / 0.010));
  CHECK(of(result, "von_mises").utilisation == Approx(0.5));
  CHECK(of(result, "drucker_prager").utilisation == Approx(0.5)); // the cone meets both strengths
  CHECK(of(result, "hoffman").utilisation == Approx(hoffman(-50, 100, 70)));
  CHECK(of(result, "hoffman").utilisation == Approx(0.5)); // so does the paraboloid
  // sqrt(2 U / E) of a uniaxial stress is the strain itself.
  CHECK(of(result, "pistoia").utilisation == Approx(0.005 / 0.007));
  CHECK(result.criteria.size() == material::criteria().size());
}

TEST_CASE("uniaxial tension has the closed-form utilisation of every criterion")
{
  const ActivityAssessment result = Case(35).judge();
  CHECK(of(result, "max_principal_strain").utilisation == Approx(0.0035 / 0.008));
  CHECK(of(result, "von_mises").utilisation == Approx(0.35));
  CHECK(of(result, "drucker_prager").utilisation == Approx(0.5));
  CHECK(of(result, "hoffman").utilisation == Approx(0.5));
  CHECK(of(result, "pistoia").utilisation == Approx(0.0035 / 0.007));
}

TEST_CASE("the load factor is 1 over utilisation, and the fracture load its multiple of the load")
{
  const Case given(-50);
  const ActivityAssessment result = given.judge();
  for (const CriterionResult& criterion : result.criteria)
    CHECK(criterion.load_factor == Approx(1 / criterion.utilisation));
  REQUIRE(result.fracture_load_N);
  CHECK(*result.fracture_load_N == Approx(2 * 1600));
  CHECK(*result.fracture_load_BW == Approx(2 * 1600 / 700.0));
  // Twice the load, half the factor.
  CHECK(*Case(-100).judge().fracture_load_N == Approx(1600));
}

TEST_CASE("a reference load that is no force has no fracture load in newtons")
{
  Case given(-50);
  given.load_case.reference = {"torque", 12000, "N mm"};
  const ActivityAssessment result = given.judge();
  CHECK_FALSE(result.fracture_load_N);
  CHECK_FALSE(result.fracture_load_BW);
  CHECK(result.reference.unit == "N mm");
}

TEST_CASE("the protocol's criterion is the headline, whichever it is")
{
  for (const std::string& name : material::criterion_names())
  {
    CAPTURE(name);
    Case given(-50);
    given.protocol.criterion = name;
    const ActivityAssessment result = given.judge();
    CHECK(result.criteria.front().criterion == name);
    CHECK(result.criteria.size() == material::criteria().size());
    CHECK(*result.fracture_load_N == Approx(1600 / of(result, name).utilisation));
    REQUIRE(result.utilisation_field.size() == given.response.strain.size());
    for (const double value : result.utilisation_field)
      CHECK(value == Approx(of(result, name).utilisation));
    std::vector<std::string> expected = {name}; // the rest keeps the table's order
    for (const std::string& other : material::criterion_names())
      if (other != name)
        expected.push_back(other);
    for (std::size_t n = 0; n < expected.size(); ++n)
      CHECK(result.criteria[n].criterion == expected[n]);
  }
}

TEST_CASE("the worst point is found and located")
{
  Case given(-10);
  const std::size_t worst = given.block.at(3, 5, 7);
  given.response.strain[worst] = uniaxial(-80);
  const ActivityAssessment result = given.judge();
  CHECK(result.criteria.front().utilisation == Approx(0.8));
  REQUIRE(result.criteria.front().location);
  CHECK(norm(result.criteria.front().location->point - given.block.centre(worst)) < 1e-12);
  CHECK_FALSE(result.criteria.front().location->words.empty());
  CHECK(result.compression.value == Approx(-0.008));
  CHECK(norm(result.compression.location->point - given.block.centre(worst)) < 1e-12);
  CHECK(result.tension.value == Approx(0.3 * 0.008));
}

TEST_CASE("a voxel of tumour, however strained, is no fracture")
{
  Case given(-10);
  const std::size_t tumour = given.block.at(3, 5, 7);
  given.response.strain[tumour] = uniaxial(-5000);
  given.block.model.tissue[tumour] = model::TissueKind::tumour;
  given.block.model.compressive_strength[tumour] = 0;
  given.block.model.tensile_strength[tumour] = 0;
  const ActivityAssessment result = given.judge();
  for (const CriterionResult& criterion : result.criteria)
  {
    CHECK(criterion.utilisation < 0.2);
    CHECK(criterion.utilisation > 0.05);
  }
  CHECK(result.utilisation_field[tumour] == 0);
  CHECK(result.compression.value == Approx(-0.001));
}

TEST_CASE("a volume criterion fails by the critical share of the bone, not by its worst point")
{
  Case given(-7);
  const std::size_t count = given.response.strain.size(); // 768: 2 % are 15.36 voxels
  for (std::size_t n = 0; n < 15; ++n)
    given.response.strain[37 * n] = uniaxial(-700);
  CHECK(of(given.judge(), "pistoia").utilisation == Approx(0.1));
  given.response.strain[37 * 15] = uniaxial(-140);
  const ActivityAssessment result = given.judge();
  CHECK(count == 768);
  CHECK(of(result, "pistoia").utilisation == Approx(2));
  CHECK_FALSE(of(result, "pistoia").location);
  CHECK_THAT(of(result, "pistoia").domain, Contains("the 2 % of the bone's volume"));
}

TEST_CASE("an average takes the peak of one voxel down")
{
  Case given(-10);
  given.protocol.domain.average_mm = 2; // the voxel and its six neighbours
  given.response.strain[given.block.at(3, 5, 7)] = uniaxial(-80);
  CHECK(given.judge().criteria.front().utilisation == Approx((0.8 + 6 * 0.1) / 7));
  CHECK_THAT(given.judge().criteria.front().domain,
             Contains("all bone") && Contains("averaged over a ball of 2 mm"));
}

TEST_CASE("a domain without bone is refused: nothing judged is not a utilisation of 0")
{
  Case thin(-10);
  for (float& ash : thin.block.model.ash)
    ash = 0.05F;
  thin.protocol.domain.min_ash_g_cm3 = 0.2;
  CHECK_THAT(test::refusal_of([&] { thin.judge(); }),
             Contains("level_walking") && Contains("no bone is left to be judged") &&
                 Contains("ash density of at least 0.2 g/cm3") && Contains("calibration"));
  Case near(-10);
  near.protocol.domain.exclude_mm_from_support = 100;
  near.rig.supports.push_back(
      {"floor", load::SupportKind::clamped, patch_where([](Vec3 p) { return p.z < -5; }), {}, 0});
  CHECK_THAT(test::refusal_of([&] { near.judge(); }),
             Contains("100 mm from supports") && Contains("leave the activity out"));
  Case broken(-10);
  broken.response.strain[3].xx = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(broken.judge(), SolveError);
}

TEST_CASE("without load nothing fails: the load factor is infinite and there is no place")
{
  const ActivityAssessment result = Case(0).judge();
  for (const CriterionResult& criterion : result.criteria)
  {
    CHECK(criterion.utilisation == 0);
    CHECK(std::isinf(criterion.load_factor));
    CHECK_FALSE(criterion.location);
  }
  CHECK(std::isinf(*result.fracture_load_N));
}

TEST_CASE("an assessment carries what the activity is and how the body moved")
{
  Case given(-10);
  given.load_case.kind = load::ActivityKind::accident;
  const ActivityAssessment result = given.judge();
  CHECK(result.activity == "level_walking");
  CHECK(result.title == "Level walking");
  CHECK(result.kind == load::ActivityKind::accident);
  CHECK(result.rig == "femur_stance");
  CHECK(result.reference.value == 1600);
  CHECK(result.largest_displacement_mm == Approx(0.5));
  REQUIRE(result.reactions.size() == 1);
  CHECK(result.reactions[0].force == Vec3{1, 2, 3});
  for (const CriterionResult& criterion : result.criteria)
  {
    CHECK_FALSE(criterion.words.empty());
    CHECK_FALSE(criterion.source.empty());
  }
  CHECK(of(result, "max_principal_strain").doubt == "");
  CHECK_THAT(of(result, "hoffman").doubt, Contains("unconfirmed"));
}

TEST_CASE("utilisation does not depend on the direction of the strain")
{
  Case along(-50);
  Case across(-50);
  const double e = -0.005;
  for (SymTensor& strain : across.response.strain) // uniaxial along (1, 1, 0) / sqrt 2
    strain = {0.35 * e, 0.35 * e, -0.3 * e, 0, 0, 0.65 * e};
  const ActivityAssessment a = along.judge();
  const ActivityAssessment b = across.judge();
  for (std::size_t c = 0; c < a.criteria.size(); ++c)
    CHECK(a.criteria[c].utilisation == Approx(b.criteria[c].utilisation));
}
