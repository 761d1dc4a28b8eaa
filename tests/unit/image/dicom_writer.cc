#include "unit/image/dicom_writer.hpp"

#include <catch2/catch.hpp>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cstdio>

namespace calcar::image::test
{
namespace
{
std::string ds(double value)
{
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

std::string ds(Vec3 v)
{
  return ds(v.x) + "\\" + ds(v.y) + "\\" + ds(v.z);
}

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value)
{
  REQUIRE(item.putAndInsertString(tag, value.c_str()).good());
}

void put_short(DcmItem& item, const DcmTagKey& tag, int value)
{
  REQUIRE(item.putAndInsertUint16(tag, static_cast<Uint16>(value)).good());
}

/// A new item at the end of a sequence.
DcmItem& new_item(DcmItem& item, const DcmTagKey& tag)
{
  DcmItem* created = nullptr;
  REQUIRE(item.findOrCreateSequenceItem(tag, created, -2).good());
  return *created;
}

void save(DcmFileFormat& file, const std::filesystem::path& path, bool implicit_vr)
{
  REQUIRE(
      file.saveFile(path.c_str(), implicit_vr ? EXS_LittleEndianImplicit : EXS_LittleEndianExplicit)
          .good());
}

void put_class(DcmItem& data, const char* class_uid, const std::string& modality)
{
  put(data, DCM_SOPClassUID, class_uid);
  put(data, DCM_SOPInstanceUID, "1.2.3.77");
  put(data, DCM_Modality, modality);
  put(data, DCM_SeriesInstanceUID, "1.2.3.5");
}

Vec3 axis(const Grid& grid, std::size_t a)
{
  return transpose(grid.direction)[a];
}

/// The bits of the frames, one after the other, and where the frames lie.
struct Stream
{
  std::vector<Uint8> bytes;
  std::size_t bits = 0;
  int frames = 0;

  void add(bool bit)
  {
    if (bits % 8 == 0)
      bytes.push_back(0);
    if (bit)
      bytes.back() = static_cast<Uint8>(bytes.back() | (1u << (bits % 8)));
    ++bits;
  }
};

void put_frame(DcmItem& data, int segment, Vec3 position)
{
  DcmItem& frame = new_item(data, DCM_PerFrameFunctionalGroupsSequence);
  put(new_item(frame, DCM_PlanePositionSequence), DCM_ImagePositionPatient, ds(position));
  put_short(new_item(frame, DCM_SegmentIdentificationSequence), DCM_ReferencedSegmentNumber,
            segment);
}
} // namespace

void write_segmentation(const std::filesystem::path& path, const TestSegmentation& s)
{
  DcmFileFormat file;
  DcmItem& data = *file.getDataset();
  put_class(data, UID_SegmentationStorage, "SEG");
  put(data, DCM_FrameOfReferenceUID, s.frame_of_reference);
  put(data, DCM_SegmentationType, s.type);
  put_short(data, DCM_Rows, s.grid.size[1]);
  put_short(data, DCM_Columns, s.grid.size[0]);
  put_short(data, DCM_SamplesPerPixel, 1);
  put_short(data, DCM_BitsAllocated, 1);
  put_short(data, DCM_BitsStored, 1);
  put_short(data, DCM_HighBit, 0);
  put_short(data, DCM_PixelRepresentation, 0);
  DcmItem& shared = new_item(data, DCM_SharedFunctionalGroupsSequence);
  put(new_item(shared, DCM_PlaneOrientationSequence), DCM_ImageOrientationPatient,
      ds(axis(s.grid, 0)) + "\\" + ds(axis(s.grid, 1)));
  DcmItem& measures = new_item(shared, DCM_PixelMeasuresSequence);
  put(measures, DCM_PixelSpacing, ds(s.grid.spacing.y) + "\\" + ds(s.grid.spacing.x));
  put(measures, DCM_SliceThickness, ds(s.grid.spacing.z));
  if (s.with_spacing)
    put(measures, DCM_SpacingBetweenSlices, ds(s.grid.spacing.z));
  Stream stream;
  for (int segment = 1; segment <= static_cast<int>(s.segments.size()); ++segment)
  {
    DcmItem& item = new_item(data, DCM_SegmentSequence);
    put_short(item, DCM_SegmentNumber, segment);
    put(item, DCM_SegmentLabel, s.segments[static_cast<std::size_t>(segment - 1)]);
    for (int k = s.grid.size[2] - 1; k >= 0; --k) // frames in any order
    {
      std::vector<bool> plane;
      for (int j = 0; j < s.grid.size[1]; ++j)
        for (int i = 0; i < s.grid.size[0]; ++i)
          plane.push_back(s.inside(segment, i, j, k));
      if (std::find(plane.begin(), plane.end(), true) == plane.end())
        continue;
      Vec3 position = s.grid.point({0, 0, k + 0.0});
      if (stream.frames % 2 == 1)
        position += s.sideways_mm * axis(s.grid, 0);
      if (k == 0)
        position += s.uneven_mm * axis(s.grid, 2);
      put_frame(data, segment, position);
      for (const bool bit : plane)
        stream.add(bit);
      ++stream.frames;
    }
  }
  put(data, DCM_NumberOfFrames, std::to_string(stream.frames));
  stream.bytes.resize(stream.bytes.size() - static_cast<std::size_t>(s.missing_bytes));
  if (stream.bytes.size() % 2)
    stream.bytes.push_back(0);
  REQUIRE(data.putAndInsertUint8Array(DCM_PixelData, stream.bytes.data(),
                                      static_cast<unsigned long>(stream.bytes.size()))
              .good());
  save(file, path, s.implicit_vr);
}

void write_structure_set(const std::filesystem::path& path, const std::vector<TestRegion>& regions,
                         bool implicit_vr)
{
  DcmFileFormat file;
  DcmItem& data = *file.getDataset();
  put_class(data, UID_RTStructureSetStorage, "RTSTRUCT");
  for (const TestRegion& region : regions)
  {
    DcmItem& named = new_item(data, DCM_StructureSetROISequence);
    put(named, DCM_ROINumber, std::to_string(region.number));
    put(named, DCM_ROIName, region.name);
    put(named, DCM_ReferencedFrameOfReferenceUID, region.frame_of_reference);
    DcmItem& drawn = new_item(data, DCM_ROIContourSequence);
    put(drawn, DCM_ReferencedROINumber, std::to_string(region.number));
    for (const std::vector<Vec3>& contour : region.contours)
    {
      DcmItem& item = new_item(drawn, DCM_ContourSequence);
      put(item, DCM_ContourGeometricType, region.type);
      put(item, DCM_NumberOfContourPoints,
          std::to_string(region.claimed_points >= 0 ? region.claimed_points
                                                    : static_cast<int>(contour.size())));
      std::string points;
      for (const Vec3 p : contour)
        points += (points.empty() ? "" : "\\") + ds(p);
      put(item, DCM_ContourData, points);
    }
  }
  save(file, path, implicit_vr);
}

void write_pet(const std::filesystem::path& folder, const TestPet& s)
{
  for (int n = 0; n < s.slices; ++n)
  {
    DcmFileFormat file;
    DcmItem& data = *file.getDataset();
    put_class(data, UID_PositronEmissionTomographyImageStorage, s.modality);
    put(data, DCM_SOPInstanceUID, "1.2.3.77." + std::to_string(n + 1));
    put(data, DCM_FrameOfReferenceUID, "1.2.3.9");
    const std::pair<DcmTagKey, std::string> texts[] = {
        {DCM_SeriesDate, s.series_date},
        {DCM_SeriesTime, s.series_time},
        {DCM_AcquisitionDate, s.series_date},
        {DCM_AcquisitionTime, s.acquisition_time},
        {DCM_PatientWeight, s.weight},
        {DCM_Units, s.units},
        {DCM_SUVType, s.suv_type},
        {DCM_CorrectedImage, s.corrected},
        {DCM_DecayCorrection, s.decay},
        {DCM_ImagePositionPatient, ds(Vec3{0, 0, 5.0 * n})},
        {DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0"},
        {DCM_PixelSpacing, "4\\4"},
        {DCM_RescaleSlope, "2"},
        {DCM_RescaleIntercept, "0"}};
    for (const auto& [tag, text] : texts)
      if (!text.empty())
        put(data, tag, text);
    if (!s.ge_scan.empty())
    {
      REQUIRE(data.putAndInsertString(DcmTag(0x0009, 0x0010, EVR_LO), "GEMS_PETD_01").good());
      REQUIRE(data.putAndInsertString(DcmTag(0x0009, 0x100d, EVR_DT), s.ge_scan.c_str()).good());
    }
    if (!s.dose.empty())
    {
      DcmItem& drug = new_item(data, DCM_RadiopharmaceuticalInformationSequence);
      put(drug, DCM_RadionuclideTotalDose, s.dose);
      put(drug, DCM_RadionuclideHalfLife, s.half_life);
      put(drug, DCM_RadiopharmaceuticalStartTime, s.start_time);
      if (!s.start_date_time.empty())
        put(drug, DCM_RadiopharmaceuticalStartDateTime, s.start_date_time);
    }
    put_short(data, DCM_Rows, 3);
    put_short(data, DCM_Columns, 4);
    put_short(data, DCM_SamplesPerPixel, 1);
    put_short(data, DCM_BitsAllocated, 16);
    put_short(data, DCM_BitsStored, 16);
    put_short(data, DCM_HighBit, 15);
    put_short(data, DCM_PixelRepresentation, 1);
    const std::vector<Uint16> pixels(12, static_cast<Uint16>(100 * (n + 1)));
    REQUIRE(data.putAndInsertUint16Array(DCM_PixelData, pixels.data(), 12).good());
    save(file, folder / ("pet" + std::to_string(n) + ".dcm"), false);
  }
}

} // namespace calcar::image::test
