#include "image/dicom_tags.hpp"
#include "image/dicom_walker.hpp"

namespace calcar::image
{
namespace
{
struct Asked
{
  const char* keyword;
  std::uint16_t group;
  std::uint16_t element;
  bool is_short; ///< a 16-bit number, not text
};

constexpr Asked asked[] = {
    {"TransferSyntaxUID", 0x0002, 0x0010, false},
    {"SOPClassUID", 0x0008, 0x0016, false},
    {"StudyDate", 0x0008, 0x0020, false},
    {"SeriesDate", 0x0008, 0x0021, false},
    {"AcquisitionDate", 0x0008, 0x0022, false},
    {"SeriesTime", 0x0008, 0x0031, false},
    {"AcquisitionTime", 0x0008, 0x0032, false},
    {"Modality", 0x0008, 0x0060, false},
    {"Manufacturer", 0x0008, 0x0070, false},
    {"SeriesDescription", 0x0008, 0x103e, false},
    {"ManufacturerModelName", 0x0008, 0x1090, false},
    {"ContrastBolusAgent", 0x0018, 0x0010, false},
    {"SliceThickness", 0x0018, 0x0050, false},
    {"KVP", 0x0018, 0x0060, false},
    {"ConvolutionKernel", 0x0018, 0x1210, false},
    {"SeriesInstanceUID", 0x0020, 0x000e, false},
    {"ImagePositionPatient", 0x0020, 0x0032, false},
    {"ImageOrientationPatient", 0x0020, 0x0037, false},
    {"FrameOfReferenceUID", 0x0020, 0x0052, false},
    {"SamplesPerPixel", 0x0028, 0x0002, true},
    {"NumberOfFrames", 0x0028, 0x0008, false},
    {"Rows", 0x0028, 0x0010, true},
    {"Columns", 0x0028, 0x0011, true},
    {"PixelSpacing", 0x0028, 0x0030, false},
    {"CorrectedImage", 0x0028, 0x0051, false},
    {"BitsAllocated", 0x0028, 0x0100, true},
    {"BitsStored", 0x0028, 0x0101, true},
    {"PixelRepresentation", 0x0028, 0x0103, true},
    {"RescaleIntercept", 0x0028, 0x1052, false},
    {"RescaleSlope", 0x0028, 0x1053, false},
    {"Units", 0x0054, 0x1001, false}, // these of PET
    {"SUVType", 0x0054, 0x1006, false},
    {"DecayCorrection", 0x0054, 0x1102, false},
};

std::string trimmed(std::string text)
{
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0'))
    text.pop_back();
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

/// Takes the value of an element that is asked for, else passes over it.
void take(DicomWalker& walker, const DicomElement& e, DicomTags& tags)
{
  for (const Asked& a : asked)
    if (e.tag == a.group * 65536u + a.element && e.length < 1024)
    {
      if (a.is_short && e.length == 2)
        tags.values[a.keyword] = std::to_string(walker.number(2));
      else
        tags.values[a.keyword] = trimmed(walker.bytes(e.length));
      return;
    }
  walker.skip_value(e);
}

} // namespace

DicomTags read_tags(const std::filesystem::path& file)
{
  DicomTags tags;
  tags.file = file;
  DicomWalker walker(file);
  walker.skip(132);
  bool in_data_set = false;
  while (!walker.at_end())
  {
    if (!in_data_set && walker.next_tag() >> 16 != 2)
    {
      walker.begin_data_set(tags.text("TransferSyntaxUID"));
      in_data_set = true;
    }
    const DicomElement e = walker.element();
    if (e.tag != dicom::pixel_data)
    {
      take(walker, e, tags);
      continue;
    }
    tags.packed = e.length == dicom::undefined;
    tags.pixels_start = walker.position();
    tags.pixels_length = tags.packed ? 0 : e.length;
    walker.skip_value(e); // so that a file cut short is noticed
    return tags;
  }
  return tags;
}

} // namespace calcar::image
