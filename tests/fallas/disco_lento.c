/* Un disco lento: cada escritura y cada espera al disco tardan DISCO_LENTO_MS milisegundos más. Se carga con LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static void esperar(int fd, int de_mas) {
    static long ms = -1;
    struct stat s;
    if (ms < 0) ms = getenv("DISCO_LENTO_MS") ? atol(getenv("DISCO_LENTO_MS")) : 0;
    if (ms <= 0 || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) return;
    long total = ms * de_mas;
    struct timespec t = {total / 1000, (total % 1000) * 1000000L};
    nanosleep(&t, NULL);
}

int fsync(int fd) {
    int (*de_verdad)(int) = dlsym(RTLD_NEXT, "fsync");
    esperar(fd, 4);
    return de_verdad(fd);
}

int fdatasync(int fd) {
    int (*de_verdad)(int) = dlsym(RTLD_NEXT, "fdatasync");
    esperar(fd, 4);
    return de_verdad(fd);
}

ssize_t write(int fd, const void *b, size_t n) {
    ssize_t (*de_verdad)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    esperar(fd, 1);
    return de_verdad(fd, b, n);
}

ssize_t pwrite(int fd, const void *b, size_t n, off_t d) {
    ssize_t (*de_verdad)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    esperar(fd, 1);
    return de_verdad(fd, b, n, d);
}

ssize_t pwrite64(int fd, const void *b, size_t n, off64_t d) {
    ssize_t (*de_verdad)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
    esperar(fd, 1);
    return de_verdad(fd, b, n, d);
}
