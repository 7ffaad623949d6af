// The ceiling the others are measured against: the least an HTTP/1.1 keep-alive responder has to do on Linux. One recv
// and one send per request, level-triggered epoll, one thread and one listening socket per loop (SO_REUSEPORT). It
// looks for the empty line that ends a head and for nothing else: no parsing, limits, timers, routes or log.
// usage: CResponder PORT LOOPS BODY-FILE
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { INPUT = 4096, BODY = 1 << 20, PIPELINE = 32, EVENTS = 256 };

struct connection {
    int fd;
    int waits_to_write;
    size_t received;       // bytes of `input` that no response has been written for
    char input[INPUT];
    char *unsent;          // what the client did not take yet, malloc'd
    size_t unsent_length;
};

static char body[BODY];
static size_t body_length;
static int port;

static void closes(struct connection *c) {
    close(c->fd);
    free(c->unsent);
    free(c);
}

static void wait_for(int epoll, struct connection *c, int writing) {
    if (c->waits_to_write == writing) return;
    c->waits_to_write = writing;
    struct epoll_event event = {.events = writing ? EPOLLOUT : EPOLLIN, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
}

// Sends `output`; keeps what does not go. Returns 0 when the client has gone.
static int put(int epoll, struct connection *c, const char *output, size_t length) {
    ssize_t sent = send(c->fd, output, length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return 0;
    if (sent < 0) sent = 0;
    size_t rest = length - (size_t)sent;
    char *kept = rest ? malloc(rest) : NULL;
    if (rest) memcpy(kept, output + sent, rest);
    free(c->unsent);
    c->unsent = kept;
    c->unsent_length = rest;
    wait_for(epoll, c, rest > 0);
    return 1;
}

// One response for each complete head in the input, at most PIPELINE together. Returns 0 when the client has gone.
static int answer(int epoll, struct connection *c, const char *response, size_t length, char *output) {
    while (!c->unsent_length) {
        size_t used = 0, filled = 0;
        for (int i = 0; i < PIPELINE; i++) {
            char *end = memmem(c->input + used, c->received - used, "\r\n\r\n", 4);
            if (!end) break;
            used = (size_t)(end - c->input) + 4;
            memcpy(output + filled, response, length);
            filled += length;
        }
        if (!used) return c->received < INPUT;
        memmove(c->input, c->input + used, c->received -= used);
        if (!put(epoll, c, output, filled)) return 0;
    }
    return 1;
}

static int readable(int epoll, struct connection *c, const char *response, size_t length, char *output) {
    ssize_t count = recv(c->fd, c->input + c->received, INPUT - c->received, 0);
    if (count < 0 && errno == EAGAIN) return 1;
    if (count <= 0) return 0;
    c->received += (size_t)count;
    return answer(epoll, c, response, length, output);
}

static size_t render(char *response, time_t now) {
    struct tm parts;
    size_t length = strftime(
        response, 256, "HTTP/1.1 200 OK\r\nDate: %a, %d %b %Y %H:%M:%S GMT\r\n", gmtime_r(&now, &parts));
    length += (size_t)sprintf(
        response + length,
        "Server: minimal\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n\r\n", body_length);
    memcpy(response + length, body, body_length);
    return length + body_length;
}

static int listening(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096)) perror("listen"), exit(1);
    return fd;
}

static void accept_all(int epoll, int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *c = malloc(sizeof *c);
        c->fd = fd, c->waits_to_write = 0, c->received = 0, c->unsent = NULL, c->unsent_length = 0;
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
    }
}

static void *loop(void *listener) {
    int epoll = epoll_create1(EPOLL_CLOEXEC), listens = (int)(long)listener;
    epoll_ctl(epoll, EPOLL_CTL_ADD, listens, &(struct epoll_event){.events = EPOLLIN, .data.ptr = NULL});
    char *response = malloc(BODY + 512), *output = malloc(PIPELINE * (BODY + 512));
    struct epoll_event events[EVENTS];
    time_t rendered = 0;
    for (size_t length = 0;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        if (time(NULL) != rendered) length = render(response, rendered = time(NULL));
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            int lives = 1;
            if (!c) accept_all(epoll, listens);
            else if (!c->waits_to_write) lives = readable(epoll, c, response, length, output);
            else lives = put(epoll, c, c->unsent, c->unsent_length) && answer(epoll, c, response, length, output);
            if (!lives) closes(c);
        }
    }
}

int main(int count, char **words) {
    FILE *file = count == 4 ? fopen(words[3], "r") : NULL;
    if (!file) return fprintf(stderr, "usage: %s PORT LOOPS BODY-FILE\n", words[0]), 2;
    body_length = fread(body, 1, BODY, file);
    port = atoi(words[1]);
    for (int i = atoi(words[2]); i > 1; i--) pthread_create(&(pthread_t){0}, NULL, loop, (void *)(long)listening());
    return loop((void *)(long)listening()), 0;
}
