/* Sends one second of a sawtooth, 1 MS/s as int16, to a Fenestra server.
 *
 * build: cc -O2 -o send send.c         usage: send host port channel
 * The protocol is in ../README.md. Little-endian machines only: fields are
 * copied as they are. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RATE = 1000000, FRAME = 10000 };

struct frame {
  char magic[4]; uint16_t version, header_bytes; uint32_t payload_bytes, flags;
  uint64_t frame_seq, first_sample; int64_t time_ns; uint64_t device_lost;
  uint32_t crc32; char reserved[12]; int16_t samples[FRAME];
};

static void fail(const char *what) { perror(what); exit(1); }
static void send_all(int fd, const void *data, size_t bytes) {
  for (ssize_t n; bytes > 0; data = (const char *)data + n, bytes -= n)
    if ((n = send(fd, data, bytes, MSG_NOSIGNAL)) <= 0) fail("send");
}
static void read_all(int fd, void *data, size_t bytes) {
  for (ssize_t n; bytes > 0; data = (char *)data + n, bytes -= n)
    if ((n = read(fd, data, bytes)) <= 0) fail("read");
}

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "usage: %s host port channel\n", argv[0]), 2;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 || connect(fd, (struct sockaddr *)&to, sizeof to)) fail("connect");

  char text[65536];
  uint32_t length = snprintf(text, sizeof text, "{\"fenestra:version\":1,\"fenestra:channel\":\"%s\",\"core:datatype\":"
    "\"ri16_le\",\"core:sample_rate\":%d,\"fenestra:window\":5000}", argv[3], RATE);
  send_all(fd, &length, 4), send_all(fd, text, length);
  read_all(fd, &length, 4), read_all(fd, text, length < sizeof text ? length : sizeof text - 1);
  if (!strstr(text, "\"ok\":true")) return fprintf(stderr, "refused: %.*s\n", (int)length, text), 1;

  static struct frame frame = {.magic = "FNST", .version = 1, .header_bytes = 64, .payload_bytes = FRAME * 2};
  for (; frame.first_sample < RATE; frame.first_sample += FRAME, frame.frame_seq++) {
    for (int i = 0; i < FRAME; i++) frame.samples[i] = (frame.first_sample + i) % 1000;
    send_all(fd, &frame, sizeof frame);
  }
  shutdown(fd, SHUT_WR); /* the end: now read until the server closes */
  uint64_t acknowledged[2] = {0};
  for (uint32_t head[2]; read(fd, head, 8) == 8;) {
    read_all(fd, text, head[1] < sizeof text ? head[1] : sizeof text);
    if (head[0] == 1) memcpy(acknowledged, text, 16);
    if (head[0] == 2) return fprintf(stderr, "error: %.*s\n", (int)head[1], text), 1;
  }
  printf("acknowledged up to sample %llu\n", (unsigned long long)acknowledged[0]);
}
