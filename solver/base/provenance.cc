#include "base/provenance.hpp"

#include "base/error.hpp"

#include <deal.II/base/config.h>
#include <mpi.h>
#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <spdlog/version.h>

#include <fstream>
#include <memory>
#include <vector>

namespace calcar
{
namespace
{
using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Digest begin()
{
  Digest digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  return digest;
}

std::string finish(const Digest& digest)
{
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_DigestFinal_ex(digest.get(), bytes, &length);
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < length; ++i)
  {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}
} // namespace

std::string sha256_of(const std::filesystem::path& file)
{
  std::ifstream stream(file, std::ios::binary);
  if (std::filesystem::is_directory(file) || !stream)
    throw InputError(Fault::data, {file.string(), "the file cannot be read", "",
                                   "check the path and its permissions", ""});
  const Digest digest = begin();
  std::vector<char> buffer(1 << 16);
  while (stream)
  {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    EVP_DigestUpdate(digest.get(), buffer.data(), static_cast<std::size_t>(stream.gcount()));
  }
  return finish(digest);
}

std::string sha256_of_text(const std::string& text)
{
  const Digest digest = begin();
  EVP_DigestUpdate(digest.get(), text.data(), text.size());
  return finish(digest);
}

std::string version()
{
  return CALCAR_VERSION;
}

std::vector<std::pair<std::string, std::string>> library_versions()
{
  char mpi[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(mpi, &length);
  std::string mpi_version(mpi, static_cast<std::size_t>(length));
  mpi_version = mpi_version.substr(0, mpi_version.find(','));
  const std::string spdlog = std::to_string(SPDLOG_VER_MAJOR) + "." +
                             std::to_string(SPDLOG_VER_MINOR) + "." +
                             std::to_string(SPDLOG_VER_PATCH);
  return {{"deal.II", DEAL_II_PACKAGE_VERSION},
          {"MPI", mpi_version},
          {"OpenSSL", OPENSSL_VERSION_STR},
          {"spdlog", spdlog},
          {"compiler", "GCC " __VERSION__}};
}

} // namespace calcar
