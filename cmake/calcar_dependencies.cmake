# Third parties, each found and wrapped once. A room names the wrapped target it needs.

find_package(MPI REQUIRED COMPONENTS C CXX)
find_package(PkgConfig REQUIRED)
find_package(Boost REQUIRED COMPONENTS program_options)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(deal.II 9.4 REQUIRED)

# deal.II's own macro cannot be mixed with keyworded target_link_libraries, so it is wrapped here.
include(${DEAL_II_TARGET_CONFIG})
add_library(calcar_dealii INTERFACE)
target_include_directories(calcar_dealii SYSTEM INTERFACE ${DEAL_II_INCLUDE_DIRS})
target_link_libraries(calcar_dealii INTERFACE $<IF:$<CONFIG:Debug>,deal.ii.g,deal.ii>)

add_library(calcar_mpi INTERFACE)
target_include_directories(calcar_mpi SYSTEM INTERFACE ${MPI_CXX_INCLUDE_DIRS})
target_compile_definitions(calcar_mpi INTERFACE OMPI_SKIP_MPICXX=1 MPICH_SKIP_MPICXX=1)
target_link_libraries(calcar_mpi INTERFACE MPI::MPI_C)

pkg_check_modules(PETSC REQUIRED IMPORTED_TARGET PETSc)
add_library(calcar_petsc_library INTERFACE)
target_include_directories(calcar_petsc_library SYSTEM INTERFACE ${PETSC_INCLUDE_DIRS})
target_link_libraries(calcar_petsc_library INTERFACE ${PETSC_LINK_LIBRARIES} calcar_mpi)

# ITK reads images and lays one on another. Its modules are linked by name; the IO factories are registered by hand in image/.
set(ITK_NO_IO_FACTORY_REGISTER_MANAGER ON)
find_package(ITK 5.2 REQUIRED COMPONENTS
             ITKCommon ITKIOImageBase ITKIONIFTI ITKIONRRD ITKIOMeta ITKIOGDCM ITKTransform ITKOptimizers
             ITKRegistrationCommon)
add_library(calcar_itk INTERFACE)
target_include_directories(calcar_itk SYSTEM INTERFACE ${ITK_INCLUDE_DIRS})
target_link_libraries(calcar_itk INTERFACE ${ITK_LIBRARIES})

# DCMTK reads DICOM SEG, RTSTRUCT and what a PET series says of its dose. The three libraries needed are found by name: its CMake
# config drags in all the others and their dependencies by absolute path.
find_path(DCMTK_INCLUDE_FOLDER dcmtk/dcmdata/dctk.h REQUIRED)
add_library(calcar_dcmtk INTERFACE)
target_include_directories(calcar_dcmtk SYSTEM INTERFACE ${DCMTK_INCLUDE_FOLDER})
foreach(library dcmdata oflog ofstd)
  find_library(DCMTK_${library}_LIBRARY ${library} REQUIRED)
  target_link_libraries(calcar_dcmtk INTERFACE ${DCMTK_${library}_LIBRARY})
endforeach()

# VTK writes fields and meshes, and decompresses arrays of its files. It reads nothing: its readers crash on damaged files and lose
# the directions of medical images.
find_package(VTK 9.1 REQUIRED COMPONENTS CommonCore CommonDataModel IOCore IOXML)
add_library(calcar_vtk INTERFACE)
target_link_libraries(calcar_vtk INTERFACE ${VTK_LIBRARIES})

# CGAL makes tetrahedra. Header-only; only mesh/ includes it.
find_package(CGAL 5.5 REQUIRED)
add_library(calcar_cgal INTERFACE)
target_link_libraries(calcar_cgal INTERFACE CGAL::CGAL)

# Pictures of the report.
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
add_library(calcar_cairo INTERFACE)
target_include_directories(calcar_cairo SYSTEM INTERFACE ${CAIRO_INCLUDE_DIRS})
target_link_libraries(calcar_cairo INTERFACE ${CAIRO_LINK_LIBRARIES})
