// The loop of src/core/kernels/adamLoop.ts in C, for comparison. Reads lines: "new <dim>" creates vectors, takes
// three steps and prints the last parameter; "run <steps>" takes that many steps and prints their time in
// nanoseconds.
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TABLE = 1000 };

static double step_sizes[TABLE], epsilons[TABLE];

__attribute__((noinline)) static void adam_step(size_t dim, double *restrict params, const double *restrict grad,
                                                double *restrict m, double *restrict v, double decay, double l2,
                                                double beta1, double beta2, double step_size,
                                                double eps) {
  for (size_t i = 0; i < dim; i++) {
    double theta = params[i] * decay;
    double g = grad[i] + l2 * theta;
    double mi = beta1 * m[i] + (1 - beta1) * g;
    double vi = beta2 * v[i] + (1 - beta2) * g * g;
    m[i] = mi;
    v[i] = vi;
    params[i] = theta - (step_size * mi) / (sqrt(vi) + eps);
  }
}

static void take_steps(size_t steps, size_t dim, double *const vectors[4]) {
  for (size_t t = 0; t < steps; t++)
    adam_step(dim, vectors[0], vectors[1], vectors[2], vectors[3], 1, 0, 0.9, 0.999, step_sizes[t % TABLE],
              epsilons[t % TABLE]);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(void) {
  for (int t = 1; t <= TABLE; t++) {
    double root_correction2 = sqrt(1 - pow(0.999, t));
    step_sizes[t - 1] = 1e-3 * root_correction2 / (1 - pow(0.9, t));
    epsilons[t - 1] = 1e-8 * root_correction2;
  }
  double *vectors[4] = {NULL};
  size_t dim = 0;
  char command[8];
  double number;
  while (scanf("%7s %lf", command, &number) == 2) {
    if (command[0] == 'n') {
      dim = (size_t)number;
      for (int k = 0; k < 4; k++) {
        free(vectors[k]);
        vectors[k] = malloc(dim * sizeof(double));
        if (!vectors[k]) return 1;
      }
      for (size_t i = 0; i < dim; i++) {
        vectors[0][i] = i % 7 / 7.0;
        vectors[1][i] = i % 101 / 101.0 - 0.25;
        vectors[2][i] = vectors[3][i] = 0;
      }
      take_steps(3, dim, vectors);
      printf("%.17g\n", vectors[0][dim - 1]);
    } else {
      double start = now();
      take_steps((size_t)number, dim, vectors);
      printf("%.17g\n", now() - start);
    }
    fflush(stdout);
  }
  return 0;
}
