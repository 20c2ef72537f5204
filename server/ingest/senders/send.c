/* Sends one second of a sawtooth, 1 MS/s as int16, to a Fenestra server. Where the connection breaks it connects
 * again and resumes at what is not yet safe. build: cc -O2 -o send send.c         usage: send host port channel
 * The protocol is in ../README.md. For little-endian machines: fields are copied as they are. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
enum { RATE = 1000000, FRAME = 10000 };
static struct {
  char magic[4]; uint16_t version, header_bytes; uint32_t payload_bytes, flags; uint64_t frame_seq, first_sample;
  int64_t time_ns; uint64_t device_lost; uint32_t crc32; char reserved[12]; int16_t samples[FRAME];
} frame = {.magic = "FNST", .version = 1, .header_bytes = 64};
static char text[65537]; /* what was read last */
static int is_sent(int fd, const void *data, size_t bytes) { return send(fd, data, bytes, MSG_NOSIGNAL) == (ssize_t)bytes; }
static int is_read(int fd, size_t bytes) {
  return bytes < sizeof text && !(text[bytes] = 0) && recv(fd, text, bytes, MSG_WAITALL) == (ssize_t)bytes;
}
static void fail(void) { /* what passes is tried again; anything else would be repeated for ever */
  const char *passing[] = {"CHANNEL_BUSY", "HELLO_TIMEOUT", "SILENT", "STORAGE_RESUME", "SERVER_STOPPING"};
  fprintf(stderr, "refused: %s\n", text);
  for (int i = 0; !strstr(text, passing[i]);) if (++i == 5) exit(1);
}
/* Sends what is missing over one connection; returns the sample before which everything is safe. */
static uint64_t send_rest(int fd, const char *hello) {
  uint32_t head[2] = {strlen(hello)};
  if (!is_sent(fd, head, 4) || !is_sent(fd, hello, head[0])) return 0;
  if (!is_read(fd, 4) || !is_read(fd, *(uint32_t *)memcpy(head, text, 4))) return 0;
  char *next = strstr(text, "\"next_sample\":\"");
  if (!next) return fail(), 0;
  uint64_t at, safe = strtoull(next + 15, NULL, 10);
  for (at = safe, frame.frame_seq = 0; at < RATE; at += frame.payload_bytes / 2, frame.frame_seq++) {
    frame.first_sample = at, frame.payload_bytes = (RATE - at < FRAME ? RATE - at : FRAME) * 2;
    for (uint32_t i = 0; i < frame.payload_bytes / 2; i++) frame.samples[i] = (at + i) % 1000;
    if (!is_sent(fd, &frame, 64 + frame.payload_bytes)) return safe;
  }
  shutdown(fd, SHUT_WR); /* the end: now read until the server closes */
  while (is_read(fd, 8) && memcpy(head, text, 8) && is_read(fd, head[1]))
    if (head[0] == 1) memcpy(&safe, text, 8);
    else if (head[0] == 2) fail();
  return safe;
}
int main(int argc, char **argv) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(argc == 4 ? atoi(argv[2]) : 0)};
  struct timeval patience = {.tv_sec = 5}; /* for a line that says nothing, not even that it is cut */
  if (argc != 4 || !inet_pton(AF_INET, argv[1], &to.sin_addr)) return fprintf(stderr, "usage: send host port channel\n"), 2;
  char hello[512]; /* the same stream each time: so the server knows what it has of it */
  snprintf(hello, sizeof hello, "{\"fenestra:version\":1,\"fenestra:channel\":\"%s\",\"fenestra:stream\":\"%lld\",\"core:datatype\":"
    "\"ri16_le\",\"core:sample_rate\":%d,\"fenestra:window\":5000}", argv[3], (long long)time(NULL), RATE);
  for (int attempt = 0, fd; attempt < 60; attempt++, close(fd), usleep(500000)) { /* the server ends a cut line after 10 s */
    fd = socket(AF_INET, SOCK_STREAM, 0);
    for (int way = 0; way < 2; way++) setsockopt(fd, SOL_SOCKET, way ? SO_SNDTIMEO : SO_RCVTIMEO, &patience, sizeof patience);
    if (!connect(fd, (struct sockaddr *)&to, sizeof to) && send_rest(fd, hello) == RATE)
      return printf("acknowledged up to sample %d\n", RATE), 0;
    perror("again");
  }
  return 1;
}
