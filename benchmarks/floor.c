/* The floor: the least a server can do for a frame, so that the product's cost has something to be divided by.
 *
 *     floor LISTEN_PORT BOARD_PORT
 *
 * One thread, one epoll. Reads one board's MJPEG stream (GET /stream on 127.0.0.1:BOARD_PORT) and sends its newest
 * frame to every viewer who sends a GET to 127.0.0.1:LISTEN_PORT. Each frame becomes one prepared buffer, each viewer
 * gets it with one send(). A viewer whose last part has not gone out completely skips frames; skips are counted.
 *
 * It understands board.py and no more: HTTP/1.1 with chunks, parts with Content-Length. It never checks a picture, a
 * path or a permission, and it ends when the board does. On SIGTERM it prints its counters as one JSON line.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_FD 65536          /* viewers are looked up by descriptor: no allocation, no dangling pointer */
#define MAX_JPEG (2u << 20)   /* nothing the benchmark sends comes near it */
#define HEAD_ROOM 256         /* a part's head has about 130 bytes */
#define BACKLOG 1024
#define EVENTS 512

static const char RESPONSE_HEAD[] =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: multipart/x-mixed-replace;boundary=vedette\r\n"
    "Cache-Control: no-store\r\n"
    "Connection: close\r\n"
    "\r\n";

/* A frame as it goes over the wire: part head, JPEG, CRLF. Lives while it is the newest or a viewer still sends it. */
struct frame {
    unsigned users;
    unsigned long long number;
    size_t size;
    char bytes[];
};

enum phase { ABSENT, ASKING, WATCHING };

struct viewer {
    enum phase phase;
    int place;                   /* where it stands in watching[] */
    size_t matched;              /* how much of the request's blank line has come */
    struct frame *pending;       /* a part that has not gone out completely... */
    size_t sent;                 /* ...and how much of it has */
    unsigned long long number;   /* of the last frame begun */
};

static struct viewer viewers[MAX_FD];
static int watching[MAX_FD];
static int watching_count;
static struct frame *newest;
static unsigned long long frames, sends, skips;
static int epoll_fd;
static volatile sig_atomic_t stopping;

/* A system call failed. */
static void die(const char *what)
{
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* The board is not what this program can read. */
static void blame_board(const char *what)
{
    fprintf(stderr, "floor: the board %s\n", what);
    exit(1);
}

static void watch_fd(int operation, int fd, unsigned interest)
{
    struct epoll_event event = {.events = interest, .data.fd = fd};

    if (epoll_ctl(epoll_fd, operation, fd, &event) < 0)
        die("epoll_ctl");
}

/* ---- frames ---- */

static void let_go(struct frame *frame)
{
    if (frame && --frame->users == 0)
        free(frame);
}

static struct frame *make_frame(const char *jpeg, size_t length)
{
    struct frame *frame = malloc(sizeof *frame + HEAD_ROOM + length + 2);
    struct timespec now;

    if (!frame)
        die("malloc");
    clock_gettime(CLOCK_REALTIME, &now);
    int head = snprintf(frame->bytes, HEAD_ROOM,
                        "--vedette\r\n"
                        "Content-Type: image/jpeg\r\n"
                        "Content-Length: %zu\r\n"
                        "X-Timestamp: %lld.%06ld\r\n"
                        "X-Vedette-State: online\r\n"
                        "\r\n",
                        length, (long long)now.tv_sec, now.tv_nsec / 1000);
    memcpy(frame->bytes + head, jpeg, length);
    memcpy(frame->bytes + head + length, "\r\n", 2);
    frame->users = 1;
    frame->number = ++frames;
    frame->size = (size_t)head + length + 2;
    return frame;
}

/* ---- viewers ---- */

static void dismiss(int fd)
{
    struct viewer *viewer = &viewers[fd];

    if (viewer->phase == WATCHING) {
        int last = watching[--watching_count];
        watching[viewer->place] = last;
        viewers[last].place = viewer->place;
    }
    let_go(viewer->pending);
    memset(viewer, 0, sizeof *viewer);
    close(fd); /* takes it out of the epoll, too */
}

/* Sends what the socket takes of a frame from `sent` on; false if the viewer is gone (and dismissed). */
static bool push(int fd, struct frame *frame, size_t sent)
{
    struct viewer *viewer = &viewers[fd];
    bool was_pending = viewer->pending != NULL;
    ssize_t n = send(fd, frame->bytes + sent, frame->size - sent, MSG_NOSIGNAL);

    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        dismiss(fd);
        return false;
    }
    sent += n > 0 ? (size_t)n : 0;
    viewer->number = frame->number;
    viewer->sent = sent;
    if (sent == frame->size) {
        sends++;
        if (was_pending) {
            viewer->pending = NULL;
            let_go(frame);
            watch_fd(EPOLL_CTL_MOD, fd, EPOLLIN);
        }
    } else if (!was_pending) {
        viewer->pending = frame;
        frame->users++;
        watch_fd(EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT);
    }
    return true;
}

/* The socket takes bytes again: the rest of the old part first, then the newest frame if it is another one. */
static void resume(int fd)
{
    struct viewer *viewer = &viewers[fd];

    if (viewer->pending && push(fd, viewer->pending, viewer->sent) && !viewer->pending
        && newest->number != viewer->number)
        push(fd, newest, 0);
}

static void publish(struct frame *frame)
{
    let_go(newest);
    newest = frame;
    /* Backwards, since dismiss() fills the gap from the end. */
    for (int i = watching_count - 1; i >= 0; i--) {
        if (viewers[watching[i]].pending)
            skips++;
        else
            push(watching[i], frame, 0);
    }
}

static void welcome(int fd)
{
    struct viewer *viewer = &viewers[fd];
    ssize_t size = sizeof RESPONSE_HEAD - 1;

    if (send(fd, RESPONSE_HEAD, (size_t)size, MSG_NOSIGNAL) != size) {
        dismiss(fd);
        return;
    }
    viewer->phase = WATCHING;
    viewer->place = watching_count;
    watching[watching_count++] = fd;
    if (newest)
        push(fd, newest, 0);
}

/* Reads the request up to its blank line; afterwards only notices when the viewer leaves. */
static void listen_to(int fd)
{
    static const char blank_line[] = "\r\n\r\n";
    struct viewer *viewer = &viewers[fd];
    char bytes[2048];
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        dismiss(fd);
        return;
    }
    for (ssize_t i = 0; i < n && viewer->phase == ASKING; i++) {
        if (bytes[i] == blank_line[viewer->matched])
            viewer->matched++;
        else
            viewer->matched = bytes[i] == '\r';
        if (viewer->matched == 4)
            welcome(fd);
    }
}

static void accept_all(int listener)
{
    int fd, one = 1;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (fd >= MAX_FD) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        viewers[fd] = (struct viewer){.phase = ASKING};
        watch_fd(EPOLL_CTL_ADD, fd, EPOLLIN);
    }
    if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
        die("accept");
}

/* ---- the board: response head, then chunks, in them parts ---- */

static struct {
    enum { RESPONSE, CHUNK_SIZE, CHUNK, CHUNK_END } layer;
    char line[512]; /* the response's head or a chunk's size, so far */
    size_t line_size;
    size_t chunk_left;
    char head[512]; /* the part's head, so far */
    size_t head_size;
    char jpeg[MAX_JPEG];
    size_t length, have;
    bool in_body;
} board;

/* Takes the next bytes of the parts, at most up to where a part's head or body ends; returns how many. */
static size_t take_part(const char *bytes, size_t n)
{
    if (board.in_body) {
        size_t take = board.length - board.have < n ? board.length - board.have : n;
        memcpy(board.jpeg + board.have, bytes, take);
        board.have += take;
        if (board.have == board.length) {
            publish(make_frame(board.jpeg, board.length));
            board.in_body = false;
            board.head_size = 0;
        }
        return take;
    }
    if (board.head_size == sizeof board.head - 1)
        blame_board("sends a part head that is too long");
    board.head[board.head_size++] = *bytes;
    board.head[board.head_size] = '\0';
    if (board.head_size > 4 && memcmp(board.head + board.head_size - 4, "\r\n\r\n", 4) == 0) {
        const char *length = strcasestr(board.head, "\r\nContent-Length:");
        board.length = length ? strtoul(length + 17, NULL, 10) : 0;
        if (board.length == 0 || board.length > MAX_JPEG)
            blame_board("sends a part without a usable Content-Length");
        board.have = 0;
        board.in_body = true;
    }
    return 1;
}

/* Collects bytes until they end with `end`. */
static bool line_ends(char byte, const char *end)
{
    size_t n = strlen(end);

    if (board.line_size == sizeof board.line - 1)
        blame_board("sends a head that is too long");
    board.line[board.line_size++] = byte;
    board.line[board.line_size] = '\0';
    return board.line_size >= n && memcmp(board.line + board.line_size - n, end, n) == 0;
}

static void take_stream(const char *bytes, size_t n)
{
    while (n > 0) {
        size_t took = 1;

        switch (board.layer) {
        case RESPONSE:
            if (line_ends(*bytes, "\r\n\r\n")) {
                if (strncmp(board.line, "HTTP/1.1 200 ", 13) != 0 || !strcasestr(board.line, "chunked"))
                    blame_board("does not answer like CameraWebServer");
                board.line_size = 0;
                board.layer = CHUNK_SIZE;
            }
            break;
        case CHUNK_SIZE:
            if (line_ends(*bytes, "\r\n")) {
                board.chunk_left = strtoul(board.line, NULL, 16);
                if (board.chunk_left == 0)
                    blame_board("ended its stream");
                board.line_size = 0;
                board.layer = CHUNK;
            }
            break;
        case CHUNK:
            took = take_part(bytes, n < board.chunk_left ? n : board.chunk_left);
            board.chunk_left -= took;
            if (board.chunk_left == 0)
                board.layer = CHUNK_END;
            break;
        case CHUNK_END:
            if (*bytes == '\n')
                board.layer = CHUNK_SIZE;
            break;
        }
        bytes += took;
        n -= took;
    }
}

static void read_board(int fd)
{
    static char bytes[256 * 1024];
    ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);

    if (n == 0)
        blame_board("hung up");
    if (n < 0 && errno != EAGAIN && errno != EINTR)
        die("reading the board");
    if (n > 0)
        take_stream(bytes, (size_t)n);
}

static int call_board(int port)
{
    static const char request[] = "GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        die("connecting to the board");
    if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) != (ssize_t)sizeof request - 1)
        die("asking the board");
    return fd;
}

static int open_listener(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0
        || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, BACKLOG) < 0)
        die("listening");
    return fd;
}

static void stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
}

/* One descriptor per viewer: the usual soft limit of 1024 is too low for a thousand of them. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        die("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        die("setrlimit");
}

int main(int argc, char **argv)
{
    struct epoll_event events[EVENTS];
    struct sigaction on_stop = {.sa_handler = stop}; /* no SA_RESTART: epoll_wait must return */

    if (argc != 3) {
        fprintf(stderr, "usage: floor LISTEN_PORT BOARD_PORT\n");
        return 2;
    }
    raise_descriptor_limit();
    sigaction(SIGTERM, &on_stop, NULL);
    sigaction(SIGINT, &on_stop, NULL);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0)
        die("epoll_create1");
    int board_fd = call_board(atoi(argv[2]));
    int listener = open_listener(atoi(argv[1]));
    watch_fd(EPOLL_CTL_ADD, board_fd, EPOLLIN);
    watch_fd(EPOLL_CTL_ADD, listener, EPOLLIN);

    while (!stopping) {
        int n = epoll_wait(epoll_fd, events, EVENTS, -1);

        if (n < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;

            /* An event may be older than what was done about another one just before: nothing here trusts its flags
             * beyond "try it now". */
            if (fd == board_fd) {
                read_board(fd);
            } else if (fd == listener) {
                accept_all(fd);
            } else {
                if (viewers[fd].phase != ABSENT && events[i].events & ~(unsigned)EPOLLOUT)
                    listen_to(fd);
                if (viewers[fd].phase == WATCHING && events[i].events & EPOLLOUT)
                    resume(fd);
            }
        }
    }
    printf("{\"frames\": %llu, \"sent\": %llu, \"skipped\": %llu, \"viewers\": %d}\n", frames, sends, skips,
           watching_count);
    return 0;
}
