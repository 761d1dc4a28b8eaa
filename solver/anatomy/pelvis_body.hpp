#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"
#include "geometry/solid.hpp"

#include <array>
#include <vector>

namespace calcar::anatomy
{

/// The blade of the ilium: a curved plate of varying thickness over an outline in the sagittal
/// plane. Design coordinates: x medial, y anterior, z superior of the acetabulum's centre, mm.
struct IliacWing
{
  double flare = 1;                           ///< factors on the reference's medial,
  double depth = 1;                           ///< anterior
  double height = 1;                          ///< and superior coordinates
  double scale = 1;                           ///< on its thickness
  double thin = 5;                            ///< thickness in the middle of the fossa, mm
  double plateau = 1;                         ///< by which the auricular surface stands out, mm
  std::vector<std::array<double, 2>> outline; ///< (y, z), closed
};

/// Medial coordinate of the middle of the blade over a point of the sagittal plane.
double wing_middle(const IliacWing& wing, double y, double z);
/// Signed distance to the blade, mm.
double wing_distance(const IliacWing& wing, Vec3 p);
/// Negative inside the auricular (ear-shaped) area of the sagittal plane, mm.
double auricular_distance(const IliacWing& wing, double y, double z);
IliacWing iliac_wing(const Dimensions& dimensions);

/// The synthetic hip bone: the wing united smoothly with the other shapes, less the acetabulum.
struct PelvisBody
{
  /// A shape and the fillet, mm, with which it joins those before it.
  struct Part
  {
    geometry::Solid solid;
    double blend = 0;
  };

  Dimensions dimensions;
  double scale = 1;    ///< acetabular radius over that of the reference
  double width = 1;    ///< of the pubis
  double ischium = 1;  ///< height of ischium and pubis below the acetabulum
  double radius = 25;  ///< of the acetabulum
  double midplane = 0; ///< medial coordinate of the midplane of the body
  double face = 0;     ///< and of the symphyseal face
  double tilt = 0;     ///< rad: design coordinates are the frame's turned about the medial axis
  double age = 18;     ///< below 18: with the triradiate cartilage
  Vec3 low, high;      ///< box that holds the bone, in the frame
  Vec3 opening;        ///< unit axis of the acetabulum, out of it, in the frame
  IliacWing wing;
  std::vector<Part> parts; ///< in design coordinates
  geometry::Solid mouth;   ///< removed: the cup, what stands before it, fossa and notch
  std::map<std::string, Vec3> landmarks; ///< in the frame
};

/**
 * The shapes of these dimensions, tilted until the ends of the iliac crest are level as the frame
 * of anatomy/pelvis.hpp has them, with the landmarks by the definitions there.
 */
PelvisBody pelvis_body(const Dimensions& dimensions, double age);

/// A place of the reference in the body, design coordinates: around the acetabulum, on the ischium
/// (which lengthens downwards), on the pubis (which reaches to the midplane).
Vec3 on_block(const PelvisBody& body, Vec3 p);
Vec3 on_ischium(const PelvisBody& body, Vec3 p);
Vec3 on_pubis(const PelvisBody& body, Vec3 p);

/// A point of the frame in design coordinates, and back.
Vec3 to_design(const PelvisBody& body, Vec3 p);
Vec3 from_design(const PelvisBody& body, Vec3 p);

/// Signed distance to the hip bone, mm, of a point in the frame.
double distance(const PelvisBody& body, Vec3 p);

/// K2HPO4-equivalent density inside, g/cm^3, and thickness of the cortex, mm.
double density_inside(const PelvisBody& body, Vec3 p, double depth);
double cortex_thickness(const PelvisBody& body, Vec3 p);
/// Whether a point lies in the triradiate cartilage.
bool in_triradiate_cartilage(const PelvisBody& body, Vec3 p);

/// The rest of the pelvic ring.
double sacrum_distance(const PelvisBody& body, Vec3 p);
double other_hip_distance(const PelvisBody& body, Vec3 p);

} // namespace calcar::anatomy
