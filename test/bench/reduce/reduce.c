// The reduction as one writes it in C: `reduce TYPE FILE LOW HIGH ROUNDS`
// reads a window of samples and prints its figures, then the nanoseconds of
// the fastest of ROUNDS reductions.
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  double count, min, max, mean, m2, clipped, nonfinite;
} summary;

// Exact sums: of 10 million samples, squares stay below 2^63.
#define REDUCE_INTEGERS(NAME, T, LEAST, MOST)                                       \
  static summary NAME(const T *xs, size_t n, double low, double high) {             \
    const int lo_limit = (int)low, hi_limit = (int)high;                            \
    T min = MOST, max = LEAST;                                                      \
    int64_t sum = 0, squares = 0;                                                   \
    uint32_t clipped = 0;                                                           \
    for (size_t i = 0; i < n; i++) {                                                \
      const int x = xs[i];                                                          \
      min = xs[i] < min ? xs[i] : min;                                              \
      max = xs[i] > max ? xs[i] : max;                                              \
      sum += x;                                                                     \
      squares += (int64_t)x * x;                                                    \
      clipped += (x <= lo_limit) | (x >= hi_limit);                                 \
    }                                                                               \
    const double mean = (double)sum / n;                                            \
    return (summary){n, min, max, mean, squares - mean * sum, clipped, 0};          \
  }

// One pass around the first finite sample, so that a large offset costs no digits.
#define REDUCE_REALS(NAME, T)                                                       \
  static summary NAME(const T *xs, size_t n, double low, double high) {             \
    double min = INFINITY, max = -INFINITY, sum = 0, squares = 0, center = 0;       \
    size_t count = 0, clipped = 0;                                                  \
    for (size_t i = 0; i < n; i++) {                                                \
      if (isfinite((double)xs[i])) {                                                \
        center = xs[i];                                                             \
        break;                                                                      \
      }                                                                             \
    }                                                                               \
    for (size_t i = 0; i < n; i++) {                                                \
      const double x = xs[i];                                                       \
      if (!isfinite(x)) continue;                                                   \
      const double d = x - center;                                                  \
      count++;                                                                      \
      min = x < min ? x : min;                                                      \
      max = x > max ? x : max;                                                      \
      sum += d;                                                                     \
      squares += d * d;                                                             \
      clipped += (x <= low) | (x >= high);                                          \
    }                                                                               \
    if (count == 0) return (summary){0, min, max, 0, 0, 0, n};                      \
    const double mean = center + sum / count;                                       \
    return (summary){count, min, max, mean, squares - sum * sum / count, clipped, n - count}; \
  }

REDUCE_INTEGERS(reduce_i8, int8_t, INT8_MIN, INT8_MAX)
REDUCE_INTEGERS(reduce_u8, uint8_t, 0, UINT8_MAX)
REDUCE_INTEGERS(reduce_i16, int16_t, INT16_MIN, INT16_MAX)
REDUCE_INTEGERS(reduce_u16, uint16_t, 0, UINT16_MAX)
REDUCE_REALS(reduce_i32, int32_t)
REDUCE_REALS(reduce_f32, float)
REDUCE_REALS(reduce_f64, double)

static summary reduce(const char *type, const void *xs, size_t bytes, double low, double high) {
  if (!strcmp(type, "i8")) return reduce_i8(xs, bytes, low, high);
  if (!strcmp(type, "u8")) return reduce_u8(xs, bytes, low, high);
  if (!strcmp(type, "i16")) return reduce_i16(xs, bytes / 2, low, high);
  if (!strcmp(type, "u16")) return reduce_u16(xs, bytes / 2, low, high);
  if (!strcmp(type, "i32")) return reduce_i32(xs, bytes / 4, low, high);
  if (!strcmp(type, "f32")) return reduce_f32(xs, bytes / 4, low, high);
  return reduce_f64(xs, bytes / 8, low, high);
}

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  const double low = atof(argv[3]), high = atof(argv[4]);
  FILE *file = fopen(argv[2], "rb");
  if (!file) return 1;
  void *xs = aligned_alloc(64, 1 << 20);
  const size_t bytes = fread(xs, 1, 1 << 20, file);
  fclose(file);

  summary s = {0};
  double best = DBL_MAX;
  for (int round = atoi(argv[5]); round > 0; round--) {
    __asm__ volatile("" ::"r"(xs) : "memory"); // the samples may be others now
    const double start = now_ns();
    s = reduce(argv[1], xs, bytes, low, high);
    __asm__ volatile("" ::"m"(s));
    const double took = now_ns() - start;
    if (took < best) best = took;
  }
  printf("[%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g]\n", s.count, s.min, s.max, s.mean, s.m2, s.clipped,
         s.nonfinite, best);
  return 0;
}
