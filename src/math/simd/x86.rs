//! Loads and stores of whole vectors from arrays and slices: the only pointers that the vector code needs.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

/// Sixteen words.
#[inline]
#[target_feature(enable = "avx512f")]
pub fn load_u32(from: &[u32; 16]) -> __m512i {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
}

/// Sixteen words.
#[inline]
#[target_feature(enable = "avx512f")]
pub fn store_u32(to: &mut [u32; 16], vector: __m512i) {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), vector) }
}

/// Sixteen f32.
#[inline]
#[target_feature(enable = "avx512f")]
pub fn load_f32(from: &[f32; 16]) -> __m512 {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm512_loadu_ps(from.as_ptr()) }
}

/// The first eight f64 of a slice; a shorter one panics.
#[inline]
#[target_feature(enable = "avx512f")]
pub fn load_f64(from: &[f64]) -> __m512d {
    // Safety: the slice is cut to the length of the vector; no alignment is asked for.
    unsafe { _mm512_loadu_pd(from[..8].as_ptr()) }
}

/// To the first eight f64 of a slice; a shorter one panics.
#[inline]
#[target_feature(enable = "avx512f")]
pub fn store_f64(to: &mut [f64], vector: __m512d) {
    // Safety: the slice is cut to the length of the vector; no alignment is asked for.
    unsafe { _mm512_storeu_pd(to[..8].as_mut_ptr(), vector) }
}

/// Eight words.
#[inline]
#[target_feature(enable = "avx")]
pub fn load_u32_eight(from: &[u32; 8]) -> __m256i {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
}

/// The first eight f32 of a slice; a shorter one panics.
#[inline]
#[target_feature(enable = "avx")]
pub fn load_f32_eight(from: &[f32]) -> __m256 {
    // Safety: the slice is cut to the length of the vector; no alignment is asked for.
    unsafe { _mm256_loadu_ps(from[..8].as_ptr()) }
}

/// Four f64.
#[inline]
#[target_feature(enable = "avx")]
pub fn store_f64_four(to: &mut [f64; 4], vector: __m256d) {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm256_storeu_pd(to.as_mut_ptr(), vector) }
}

/// Eight f64.
#[inline]
#[target_feature(enable = "avx512f")]
pub fn load_f64_eight(from: &[f64; 8]) -> __m512d {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm512_loadu_pd(from.as_ptr()) }
}

/// Eight words.
#[inline]
#[target_feature(enable = "avx")]
pub fn store_u32_eight(to: &mut [u32; 8], vector: __m256i) {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), vector) }
}

/// Four f64.
#[inline]
#[target_feature(enable = "avx")]
pub fn load_f64_four(from: &[f64; 4]) -> __m256d {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm256_loadu_pd(from.as_ptr()) }
}

/// Four words.
#[inline]
#[target_feature(enable = "sse2")]
pub fn store_u32_four(to: &mut [u32; 4], vector: __m128i) {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), vector) }
}

/// Eight f64.
#[inline]
#[target_feature(enable = "avx512f")]
pub fn store_f64_eight(to: &mut [f64; 8], vector: __m512d) {
    // Safety: the array is as long as the vector; no alignment is asked for.
    unsafe { _mm512_storeu_pd(to.as_mut_ptr(), vector) }
}
