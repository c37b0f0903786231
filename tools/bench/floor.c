/*
 * The least that five JPEG renditions of a JPEG can cost with libjpeg-turbo: it is decoded once at a half, and pixels of
 * the renditions' sizes are encoded. Nothing is scaled, so the pictures are no renditions.
 *
 * usage: floor FILE RUNS   prints the median CPU milliseconds of a run; 3 where libjpeg cannot do so with the file
 */
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <sys/resource.h>
#include <jpeglib.h>

static jmp_buf failed;
static void fail(j_common_ptr info) { longjmp(failed, 1); }

static double cpu(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static void encode(const unsigned char *pixels, int stride, int width, int height) {
  struct jpeg_compress_struct info;
  struct jpeg_error_mgr errors;
  unsigned char *bytes = NULL;
  unsigned long length = 0;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, &bytes, &length);
  info.image_width = width;
  info.image_height = height;
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 80, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)info.next_scanline * stride);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  free(bytes);
}

static void run(const unsigned char *file, unsigned long length) {
  static const int edges[] = {2016, 1280, 640, 320, 160};
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  errors.error_exit = fail;
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, file, length);
  jpeg_read_header(&info, TRUE);
  info.scale_num = 1;
  info.scale_denom = 2;
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  int width = info.output_width, height = info.output_height, stride = width * 3;
  unsigned char *pixels = malloc((size_t)stride * height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = pixels + (size_t)info.output_scanline * stride;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  int longer = width > height ? width : height;
  for (int i = 0; i < 5; i++) {
    int edge = edges[i] < longer ? edges[i] : longer;
    encode(pixels, stride, (int)((long)width * edge / longer), (int)((long)height * edge / longer));
  }
  free(pixels);
}

static int ascending(const void *a, const void *b) {
  return *(const double *)a < *(const double *)b ? -1 : 1;
}

int main(int count, char **given) {
  FILE *in = count == 3 ? fopen(given[1], "rb") : NULL;
  int runs = count == 3 ? atoi(given[2]) : 0;
  if (!in || runs < 1 || runs > 99) return 2;
  fseek(in, 0, SEEK_END);
  long length = ftell(in);
  rewind(in);
  unsigned char *file = malloc(length);
  if (fread(file, 1, length, in) != (size_t)length) return 2;
  if (setjmp(failed)) return 3;
  double times[99];
  run(file, length); /* warm */
  for (int i = 0; i < runs; i++) {
    double before = cpu();
    run(file, length);
    times[i] = cpu() - before;
  }
  qsort(times, runs, sizeof *times, ascending);
  printf("%.2f\n", times[runs / 2]);
  return 0;
}
