#include "image/uptake.hpp"
#include "image/write.hpp"
#include "unit/image/dicom_writer.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
Uptake read(const TestPet& pet)
{
  const TemporaryFolder folder;
  write_pet(folder.path(), pet);
  return read_uptake(folder.path(), std::nullopt);
}

std::string refused(const TestPet& pet)
{
  return refusal_of([&] { read(pet); });
}

/// The value of slice n in Bq/ml.
double stored(int n)
{
  return 2.0 * 100 * (n + 1);
}
} // namespace

TEST_CASE("activity in Bq/ml becomes SUV by body weight, decayed from dose to scan")
{
  // one hour at a half-life of 109.77 min
  const double decayed = 370e6 * std::pow(0.5, 3600 / 6586.2);
  const Uptake uptake = read({});
  CHECK(uptake.values.grid.size == std::array<int, 3>{4, 3, 3});
  for (int n = 0; n < 3; ++n)
    CHECK(static_cast<double>(uptake.values.at(1, 1, n)) ==
          Approx(stored(n) * 72000 / decayed).epsilon(1e-5));
  CHECK_THAT(uptake.words, Contains("72 kg, 370 MBq, 60 min before the scan"));
  CHECK(uptake.acquisition.frame_of_reference == "1.2.3.9");
  CHECK(suv_factor({72, 370e6, 6586.2, 2 * 6586.2}) == Approx(4 * 72000 / 370e6));
}

TEST_CASE("a body of uniform dose has SUV 1")
{
  // 72 litres with all of 370 MBq in them, seen at once
  TestPet pet;
  pet.start_time = pet.series_time;
  const double concentration = 370e6 / 72000;
  const Uptake uptake = read(pet);
  CHECK(concentration * static_cast<double>(uptake.values.values[0]) / stored(0) == Approx(1));
}

TEST_CASE("decay is taken to the time the voxels are corrected to")
{
  const double at_once = stored(0) * 72000 / 370e6;
  TestPet pet;
  pet.decay = "ADMIN";
  CHECK(static_cast<double>(read(pet).values.values[0]) == Approx(at_once));
  pet = {};
  pet.start_date_time = "20261102090000.00"; // stands above the time alone
  CHECK(static_cast<double>(read(pet).values.values[0]) ==
        Approx(at_once * std::exp2(7200 / 6586.2)));
  pet = {};
  pet.series_time = "003000";
  pet.acquisition_time = "003000";
  pet.start_time = "233000";
  const Uptake over_midnight = read(pet);
  CHECK(static_cast<double>(over_midnight.values.values[0]) ==
        Approx(at_once * std::exp2(3600 / 6586.2)));
  CHECK(over_midnight.warnings.at(0).code == "dose_before_midnight");
  pet = {};
  pet.series_time = "150000"; // made later from the scan of 11:00
  CHECK_THAT(refused(pet), Contains("the series was made after the scan"));
  pet.ge_scan = "20261102110000.00";
  CHECK(static_cast<double>(read(pet).values.values[0]) ==
        Approx(at_once * std::exp2(3600 / 6586.2)));
}

TEST_CASE("SUV by body weight is taken as it is, other units are refused in words")
{
  TestPet pet;
  pet.units = "GML";
  pet.dose = "";
  pet.slices = 2;
  CHECK(read(pet).values.values[0] == 200.0f);
  pet.suv_type = "BW";
  CHECK(read(pet).values.values[0] == 200.0f);
  pet.suv_type = "LBM";
  CHECK_THAT(refused(pet), Contains("in SUV of type \"LBM\"; allowed: BW (body weight)"));
  pet = {};
  pet.units = "CNTS";
  CHECK_THAT(refused(pet), Contains("the PET series is in \"CNTS\"; allowed: BQML"));
  pet.units = "";
  CHECK_THAT(refused(pet), Contains("the PET series is in \"\""));
  pet = {};
  pet.modality = "NM";
  CHECK_THAT(refused(pet), Contains("modality \"NM\"; allowed: PT; uptake is read from PET alone"));
}

TEST_CASE("a PET series that does not say what SUV needs is refused")
{
  const auto with = [](auto member, const std::string& value)
  {
    TestPet pet;
    pet.*member = value;
    return refused(pet);
  };
  CHECK_THAT(with(&TestPet::weight, ""), Contains("says no PatientWeight in kg"));
  CHECK_THAT(with(&TestPet::weight, "0"), Contains("PatientWeight in kg is 0; allowed: 2 to 400"));
  CHECK_THAT(with(&TestPet::dose, ""), Contains("says nothing about the radiopharmaceutical"));
  CHECK_THAT(with(&TestPet::dose, "370"), Contains("RadionuclideTotalDose in Bq is 370"));
  CHECK_THAT(with(&TestPet::half_life, "1.8"), Contains("RadionuclideHalfLife in s is 1.8"));
  CHECK_THAT(with(&TestPet::start_time, "soon"), Contains("says no time of administration"));
  CHECK_THAT(with(&TestPet::corrected, "NORM"), Contains("not corrected for attenuation"));
  CHECK_THAT(with(&TestPet::decay, "NONE"), Contains("corrected for decay to \"NONE\""));
  CHECK_THAT(with(&TestPet::series_time, ""), Contains("says no valid series and acquisition"));
  TestPet pet;
  pet.start_date_time = "20261101090000";
  CHECK_THAT(refused(pet), Contains("the scan begins 26 hours after the dose"));
}

TEST_CASE("an uptake image that is not DICOM must be declared in SUVbw and look like it")
{
  const TemporaryFolder folder;
  Volume image{{{10, 10, 10}, {}, {4, 4, 4}, identity()}, std::vector<float>(1000), {}};
  for (int i = 0; i < 1000; ++i)
    image.values[static_cast<std::size_t>(i)] = static_cast<float>(i) / 100;
  write_nifti(folder / "pet.nii.gz", image);
  CHECK(read_uptake(folder / "pet.nii.gz", "SUVbw").values.values[500] == 5.0f);
  CHECK_THAT(refusal_of([&] { read_uptake(folder / "pet.nii.gz", std::nullopt); }),
             Contains("does not say the unit of its uptake; allowed: unit = \"SUVbw\""));
  CHECK_THAT(refusal_of([&] { read_uptake(folder / "pet.nii.gz", "BQML"); }),
             Contains("declared in \"BQML\"; allowed: SUVbw"));
  for (float& v : image.values)
    v *= 1000;
  write_nifti(folder / "counts.nii.gz", image);
  CHECK_THAT(refusal_of([&] { read_uptake(folder / "counts.nii.gz", "SUVbw"); }),
             Contains("no SUV has such values"));
}

TEST_CASE("a damaged PET series is refused or read, never more")
{
  const TemporaryFolder folder;
  TestPet pet;
  pet.slices = 2;
  write_pet(folder.path(), pet);
  const std::string bytes = read_file(folder / "pet0.dcm");
  std::mt19937 random(2);
  int refusals = 0;
  for (int n = 0; n < 120; ++n)
  {
    std::string damaged = bytes;
    if (n % 2)
      damaged.resize(140 + random() % (bytes.size() - 140));
    else
      damaged[132 + random() % (bytes.size() - 132)] = static_cast<char>(random());
    write_file(folder / "pet0.dcm", damaged);
    try
    {
      read_uptake(folder.path(), std::nullopt);
    }
    catch (const InputError& error)
    {
      ++refusals;
      CHECK(error.fault() == Fault::data);
    }
  }
  CHECK(refusals >= 60); // every file cut short, and some of the others
}
