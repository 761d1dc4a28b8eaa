#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::image
{

/**
 * A DICOM object that is not a plain image (SEG, RTSTRUCT), or the head of one, read by DCMTK. For
 * .cc files of this room alone.
 *
 * The file is walked through first (check_dicom_structure), so that DCMTK sees only files whose
 * lengths are sound; what it refuses nevertheless becomes an InputError (data).
 */
class DicomObject
{
public:
  explicit DicomObject(const std::filesystem::path& file);

  DcmItem& data_set() { return *file_.getDataset(); }
  const std::string& place() const { return place_; }
  [[noreturn]] void refuse(const std::string& given, const std::string& allowed = "",
                           const std::string& remedy = "export the object again") const;

private:
  DcmFileFormat file_;
  std::string place_;
};

/// The value of an element as text, several separated by backslashes; empty when absent.
std::string text_of(DcmItem& item, const DcmTagKey& tag);

/// Its numbers; empty when absent or not numbers.
std::vector<double> numbers_of(DcmItem& item, const DcmTagKey& tag);

/// One whole number between 0 and `most`; -1 when absent or anything else.
int count_of(DcmItem& item, const DcmTagKey& tag, int most = 1 << 30);

/// The items of a sequence; none when it is absent.
std::vector<DcmItem*> items_of(DcmItem& item, const DcmTagKey& tag);

/// The first item of a sequence; null when there is none.
DcmItem* first_item(DcmItem& item, const DcmTagKey& tag);

} // namespace calcar::image
