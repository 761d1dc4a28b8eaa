#include "image/dicom_object.hpp"

#include "base/error.hpp"
#include "image/dicom_tags.hpp"
#include "image/dicom_walker.hpp"

#include <cmath>
#include <new>

namespace calcar::image
{
namespace
{
/// DCMTK logs to stderr; what matters comes back as a condition.
void silence_once()
{
  static const bool done = []
  {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    return true;
  }();
  static_cast<void>(done);
}
} // namespace

DicomObject::DicomObject(const std::filesystem::path& file) : place_(file.string())
{
  check_dicom_structure(file);
  silence_once();
  OFCondition loaded;
  try
  {
    loaded = file_.loadFile(place_.c_str());
    if (loaded.good())
      loaded = file_.loadAllDataIntoMemory();
  }
  catch (const std::bad_alloc&)
  {
    refuse("the file asks for more memory than there is: it is damaged");
  }
  const bool implicit_vr =
      loaded.good() && file_.getDataset()->getOriginalXfer() == EXS_LittleEndianImplicit;
  if (implicit_vr && !dcmDataDict.isDictionaryLoaded())
    refuse("the file says no kinds of values (implicit VR), and the DICOM dictionary of DCMTK is "
           "not installed",
           "", "install the package libdcmtk17, or export the object with explicit VR");
  if (loaded.bad())
    refuse(std::string("the DICOM file cannot be read: ") + loaded.text(), "",
           "copy or export the object again");
}

void DicomObject::refuse(const std::string& given, const std::string& allowed,
                         const std::string& remedy) const
{
  throw InputError(Fault::data, {place_, given, allowed, remedy, ""});
}

std::string text_of(DcmItem& item, const DcmTagKey& tag)
{
  std::string result;
  const char* raw = nullptr; // joining the values by OFString takes time with their square
  OFString joined;
  if (item.findAndGetString(tag, raw).good())
    result = raw ? raw : "";
  else if (item.findAndGetOFStringArray(tag, joined).good()) // numbers that are not text
    result.assign(joined.c_str(), joined.length());
  result.erase(result.find_last_not_of(std::string("\0 ", 2)) + 1);
  result.erase(0, result.find_first_not_of(' '));
  return result;
}

std::vector<double> numbers_of(DcmItem& item, const DcmTagKey& tag)
{
  return numbers_in(text_of(item, tag));
}

int count_of(DcmItem& item, const DcmTagKey& tag, int most)
{
  const std::vector<double> numbers = numbers_of(item, tag);
  if (numbers.size() != 1 || !(numbers[0] >= 0 && numbers[0] <= most) ||
      numbers[0] != std::floor(numbers[0]))
    return -1;
  return static_cast<int>(numbers[0]);
}

std::vector<DcmItem*> items_of(DcmItem& item, const DcmTagKey& tag)
{
  std::vector<DcmItem*> items;
  DcmSequenceOfItems* sequence = nullptr;
  if (item.findAndGetSequence(tag, sequence).bad() || !sequence)
    return items;
  // one step at a time: getItem(n) walks from the start
  for (DcmObject* at = sequence->nextInContainer(nullptr); at; at = sequence->nextInContainer(at))
    if (auto* inner = dynamic_cast<DcmItem*>(at))
      items.push_back(inner);
  return items;
}

DcmItem* first_item(DcmItem& item, const DcmTagKey& tag)
{
  const std::vector<DcmItem*> items = items_of(item, tag);
  return items.empty() ? nullptr : items.front();
}

} // namespace calcar::image
