#pragma once

#include "base/error.hpp"
#include "base/files.hpp"

#include <unistd.h>

#include <filesystem>
#include <string>

/// A folder of its own for a test, removed with the object.
class Folder
{
public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("calcar_pipeline_" + std::to_string(getpid())))
  {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const
  {
    std::filesystem::create_directories((path_ / name).parent_path());
    calcar::write_text(path_ / name, text);
    return path_ / name;
  }

private:
  std::filesystem::path path_;
};

inline const std::string patient_case = R"([patient]
body_mass_kg = 72

[bone]
kind = "femur"
side = "left"
image = "scan/ct.nii.gz"
mask = { file = "labels.nii.gz", label = 2 }

[calibration]
name = "density"
phantom = "CHA"
unit = "mg/cm3"

[[lesion]]
name = "medial neck"
shape = "sphere"
radius_mm = 9
centre = { landmark = "femoral_neck_centre" }

[[activity]]
name = "level_walking"

[[activity]]
name = "stumble"
)";

inline const std::string study_case = R"(title = "bar"
[bone]
modulus_image = "E.nii.gz"
poisson_ratio = 0.3

[[support]]
name = "bottom"
region = { file = "regions.nii.gz", label = 1, side = "-k" }
fix = ["i", "j", "k"]

[[force]]
name = "press"
region = { file = "regions.nii.gz", label = 2, side = "+k" }
force_N = { k = -12.5, i = 3 }
)";
