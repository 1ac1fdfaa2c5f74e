/* The viewers: any number of connections to one server that read MJPEG, count its frames and time them.
 *
 *     viewers -p PORT -g PATH [-n VIEWERS] [-c CAMERAS] [-w WARM_UP_S] [-s WINDOW_S] [-t TIMEOUT_S] [-e]
 *
 * A `%d` in PATH stands for the camera: viewer i asks for number i modulo CAMERAS. Latency counts from X-Timestamp, the
 * frame's arrival at the server; with -e also from the board, which then writes the time into its JPEGs (board.py
 * --stamp): a frame that the server is late to read looks fresh by the first and not by the second. When all viewers are connected and
 * have had a frame, it warms up, and then counts for WINDOW_S seconds. Prints one JSON line when the window opens (so
 * that who started it can read the server's CPU clock) and one with the figures when it closes. Exit status 1 and a
 * sentence on stderr if the server refuses, hangs up, or has not given everyone a first frame after TIMEOUT_S.
 *
 * One thread, one epoll. It reads the heads and lets the kernel throw the JPEGs away (MSG_TRUNC), so that it costs as
 * little as can be beside the server it measures. What it therefore leaves out: the copy to a real receiver.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD_SIZE 4096
#define EVENTS 512
/* Asked but not answered yet: far below the backlog of any server, so that no SYN is lost (it would cost a second). */
#define BURST 64
#define RETRY_NS 20000000LL /* a refused connection is tried again after this long */
#define LINGER_S 0.3
/* Latencies: one bin for each 10 us up to 5 s, the last one for all above. */
#define BIN_NS 10000LL
#define BINS 500000
/* What board.py --stamp puts at the beginning of a JPEG: SOI, then a comment of this text and 20 digits of ns. */
#define STAMP_AT 6
#define STAMP_WORD "sent "
#define STAMP_END (STAMP_AT + 5 + 20)

typedef long long nanoseconds;

enum phase { CLOSED, CONNECTING, RESPONSE, PART_HEAD, BODY };

struct viewer {
    enum phase phase;
    int fd;
    bool begun;           /* has had its first frame */
    char *head;           /* the head read so far */
    size_t head_size;
    size_t left;          /* of the JPEG */
    nanoseconds stamp;    /* X-Timestamp of the part being read... */
    nanoseconds previous; /* ...and of the one before */
    bool online;          /* its X-Vedette-State */
    unsigned frames;      /* in the window */
    char start[STAMP_END + 1]; /* the beginning of the JPEG, with -e; room for a NUL */
    size_t start_size;
};

struct latencies {
    unsigned bins[BINS];
    nanoseconds slowest;
};

static struct {
    int port, viewers, cameras;
    const char *path;
    double warm_up, window, timeout;
    bool end_to_end;
} options = {.viewers = 1, .cameras = 1, .warm_up = 1, .window = 5, .timeout = 30};

static struct viewer *viewers;
static int epoll_fd;
static int unanswered; /* connections without a response yet: at most BURST */
static int begun;      /* viewers who have had a first frame */
static bool counting;
static unsigned long long frames, repeated, not_online, bytes_received, refusals;
static struct latencies from_arrival, from_board;

__attribute__((format(printf, 1, 2), noreturn)) static void fail(const char *format, ...)
{
    va_list arguments;

    fputs("viewers: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static nanoseconds now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* ---- parts ---- */

static void count_latency(struct latencies *latencies, nanoseconds latency)
{
    nanoseconds bin = latency < 0 ? 0 : latency / BIN_NS;

    if (latency > latencies->slowest)
        latencies->slowest = latency;
    latencies->bins[bin < BINS ? bin : BINS - 1]++;
}

/* When the board sent the JPEG whose beginning this is. */
static nanoseconds sent_at(const struct viewer *viewer)
{
    if (viewer->start_size < STAMP_END || memcmp(viewer->start + STAMP_AT, STAMP_WORD, strlen(STAMP_WORD)) != 0)
        fail("a JPEG without its board's stamp");
    return strtoll(viewer->start + STAMP_AT + strlen(STAMP_WORD), NULL, 10);
}

static void count_frame(struct viewer *viewer)
{
    nanoseconds arrived = now(CLOCK_REALTIME);
    bool again = viewer->stamp == viewer->previous;

    viewer->previous = viewer->stamp;
    if (!viewer->begun) {
        viewer->begun = true;
        begun++;
    }
    if (!counting)
        return;
    /* A picture sent again while its camera is away, or sent twice, is no delivery. */
    if (!viewer->online) {
        not_online++;
        return;
    }
    if (again) {
        repeated++;
        return;
    }
    frames++;
    viewer->frames++;
    count_latency(&from_arrival, arrived - viewer->stamp);
    if (options.end_to_end)
        count_latency(&from_board, arrived - sent_at(viewer));
}

/* The value of a header, or NULL; the head's lines end with CRLF and it ends with a NUL. */
static const char *header(const char *head, const char *name)
{
    size_t n = strlen(name);

    for (const char *line = head; (line = strstr(line, "\r\n"));) {
        line += 2;
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            const char *value = line + n + 1;
            return value + strspn(value, " \t");
        }
    }
    return NULL;
}

/* seconds.fraction, without the rounding of a double: 1e9 seconds and microseconds need more than its 53 bits. */
static nanoseconds parse_stamp(const char *text)
{
    char *rest;
    nanoseconds stamp = strtoll(text, &rest, 10) * 1000000000LL;

    if (*rest == '.')
        for (nanoseconds unit = 100000000LL; *++rest >= '0' && *rest <= '9'; unit /= 10)
            stamp += (*rest - '0') * unit;
    return stamp;
}

static void read_response(struct viewer *viewer, const char *head)
{
    const char *type = header(head, "Content-Type");

    if (strncmp(head, "HTTP/1.1 200 ", 13) != 0)
        fail("%s answered: %.*s", options.path, (int)strcspn(head, "\r\n"), head);
    if (!type || strncasecmp(type, "multipart/x-mixed-replace", 25) != 0)
        fail("%s is no MJPEG stream", options.path);
    if (header(head, "Transfer-Encoding"))
        fail("%s comes in chunks: the server did not hand its socket off", options.path);
    unanswered--;
    viewer->phase = PART_HEAD;
}

static void read_part_head(struct viewer *viewer, const char *head)
{
    const char *length = header(head, "Content-Length"), *stamp = header(head, "X-Timestamp");
    const char *state = header(head, "X-Vedette-State");

    if (strncmp(head, "--", 2) != 0)
        fail("where a boundary should be stands: %.60s", head);
    if (!length || !stamp)
        fail("a part comes without Content-Length or X-Timestamp");
    viewer->left = strtoul(length, NULL, 10);
    if (viewer->left == 0)
        fail("an empty part");
    viewer->stamp = parse_stamp(stamp);
    viewer->online = state && strncmp(state, "online\r", 7) == 0;
    viewer->start_size = 0;
    viewer->phase = BODY;
}

/* Takes bytes of a head, up to its blank line; returns how many. */
static size_t take_head(struct viewer *viewer, const char *bytes, size_t n)
{
    size_t took = 0;

    if (!viewer->head && !(viewer->head = malloc(HEAD_SIZE)))
        fail("out of memory");
    while (took < n) {
        char byte = bytes[took++];

        /* The CRLF behind the JPEG stands before the next boundary. */
        if (viewer->head_size == 0 && (byte == '\r' || byte == '\n'))
            continue;
        viewer->head[viewer->head_size++] = byte;
        if (viewer->head_size == HEAD_SIZE)
            fail("a head of more than %d bytes", HEAD_SIZE);
        if (byte != '\n' || viewer->head_size < 4
            || memcmp(viewer->head + viewer->head_size - 4, "\r\n\r\n", 4) != 0)
            continue;
        viewer->head[viewer->head_size] = '\0';
        viewer->head_size = 0;
        if (viewer->phase == RESPONSE)
            read_response(viewer, viewer->head);
        else
            read_part_head(viewer, viewer->head);
        break;
    }
    return took;
}

/* Whether the bytes that come next have to be looked at, though they are the JPEG's. */
static bool wants_start(const struct viewer *viewer)
{
    return options.end_to_end && viewer->start_size < STAMP_END;
}

static void take_start(struct viewer *viewer, const char *bytes, size_t n)
{
    size_t missing = STAMP_END - viewer->start_size;
    size_t took = n < missing ? n : missing;

    memcpy(viewer->start + viewer->start_size, bytes, took);
    viewer->start_size += took;
}

static void take_body(struct viewer *viewer, size_t n)
{
    viewer->left -= n;
    if (viewer->left == 0) {
        viewer->phase = PART_HEAD;
        count_frame(viewer);
    }
}

/* What recv gave: false if there was nothing to take just now. */
static bool received(const struct viewer *viewer, ssize_t n)
{
    int number = (int)(viewer - viewers) + 1;

    if (n > 0) {
        bytes_received += counting ? (size_t)n : 0;
        return true;
    }
    if (n == 0)
        fail("the server hung up on viewer %d of %d", number, options.viewers);
    if (errno != EAGAIN && errno != EINTR)
        fail("viewer %d of %d: %s", number, options.viewers, strerror(errno));
    return false;
}

/* Reads a head (and the few hundred bytes behind it), then the rest of the JPEG without looking at it. */
static void receive(struct viewer *viewer)
{
    if (viewer->phase != BODY || wants_start(viewer)) {
        char bytes[512];
        ssize_t n = recv(viewer->fd, bytes, sizeof bytes, 0);

        if (!received(viewer, n))
            return;
        for (size_t used = 0; used < (size_t)n;) {
            size_t rest = (size_t)n - used;
            if (viewer->phase == BODY) {
                size_t body = rest < viewer->left ? rest : viewer->left;
                if (wants_start(viewer))
                    take_start(viewer, bytes + used, body);
                take_body(viewer, body);
                used += body;
            } else {
                used += take_head(viewer, bytes + used, rest);
            }
        }
    }
    if (viewer->phase == BODY && !wants_start(viewer)) {
        /* With the CRLF behind it: left in the socket, it would wake us once more for each frame. */
        ssize_t n = recv(viewer->fd, NULL, viewer->left + 2, MSG_TRUNC);

        if (received(viewer, n))
            take_body(viewer, (size_t)n < viewer->left ? (size_t)n : viewer->left);
    }
}

/* ---- connections ---- */

static void watch(int operation, struct viewer *viewer, unsigned interest)
{
    struct epoll_event event = {.events = interest, .data.ptr = viewer};

    if (epoll_ctl(epoll_fd, operation, viewer->fd, &event) < 0)
        fail("epoll_ctl: %s", strerror(errno));
}

/* The server is not up yet, or its backlog is full: connect_more() will come back to it. */
static void refused(struct viewer *viewer)
{
    close(viewer->fd);
    viewer->phase = CLOSED;
    unanswered--;
    refusals++;
}

static void begin_connect(struct viewer *viewer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    int one = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    viewer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (viewer->fd < 0)
        fail("socket: %s", strerror(errno));
    setsockopt(viewer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    viewer->phase = CONNECTING;
    unanswered++;
    if (connect(viewer->fd, (struct sockaddr *)&address, sizeof address) == 0 || errno == EINPROGRESS)
        watch(EPOLL_CTL_ADD, viewer, EPOLLOUT);
    else if (errno == ECONNREFUSED)
        refused(viewer);
    else
        fail("connecting: %s", strerror(errno));
}

/* The path of one viewer's camera. */
static void format_path(int number, char *path, size_t size)
{
    const char *mark = strstr(options.path, "%d");

    if (mark)
        snprintf(path, size, "%.*s%d%s", (int)(mark - options.path), options.path, number % options.cameras,
                 mark + 2);
    else
        snprintf(path, size, "%s", options.path);
}

/* Connected or refused. No Accept header: browsers' `image/` would turn on what only browsers need. */
static void finish_connect(struct viewer *viewer)
{
    char path[512], request[1024];
    int error = 0;
    socklen_t size = sizeof error;

    getsockopt(viewer->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == ECONNREFUSED) {
        refused(viewer);
        return;
    }
    if (error)
        fail("connecting: %s", strerror(error));
    format_path((int)(viewer - viewers), path, sizeof path);
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", path, options.port);
    if (send(viewer->fd, request, (size_t)n, MSG_NOSIGNAL) != n)
        fail("asking: %s", strerror(errno));
    viewer->phase = RESPONSE;
    watch(EPOLL_CTL_MOD, viewer, EPOLLIN);
}

/* Starts connections where there are closed ones, as many as the burst has room for. */
static void connect_more(void)
{
    static int next;
    static nanoseconds retry_at;
    static unsigned long long seen;

    if (refusals > seen) {
        seen = refusals;
        retry_at = now(CLOCK_MONOTONIC) + RETRY_NS;
        next = 0;
    }
    if (now(CLOCK_MONOTONIC) < retry_at)
        return;
    for (; next < options.viewers && unanswered < BURST; next++)
        if (viewers[next].phase == CLOSED)
            begin_connect(&viewers[next]);
}

/* ---- the run ---- */

static void turn(nanoseconds deadline)
{
    struct epoll_event events[EVENTS];
    nanoseconds left_ms = (deadline - now(CLOCK_MONOTONIC)) / 1000000;
    int n = epoll_wait(epoll_fd, events, EVENTS, left_ms < 0 ? 0 : left_ms > 10 ? 10 : (int)left_ms);

    if (n < 0 && errno != EINTR)
        fail("epoll_wait: %s", strerror(errno));
    for (int i = 0; i < n; i++) {
        struct viewer *viewer = events[i].data.ptr;

        if (viewer->phase == CONNECTING)
            finish_connect(viewer);
        else
            receive(viewer);
    }
}

static void run_for(double seconds)
{
    nanoseconds end = now(CLOCK_MONOTONIC) + (nanoseconds)(seconds * 1e9);

    while (now(CLOCK_MONOTONIC) < end)
        turn(end);
}

static void connect_all(void)
{
    nanoseconds deadline = now(CLOCK_MONOTONIC) + (nanoseconds)(options.timeout * 1e9);

    while (begun < options.viewers) {
        connect_more();
        turn(deadline);
        if (now(CLOCK_MONOTONIC) >= deadline)
            fail("after %g s %d of %d viewers have had a first frame (%d without an answer, %llu refusals)",
                 options.timeout, begun, options.viewers, unanswered, refusals);
    }
}

/* The latency in ms that this share of the frames did not exceed (to the bin's upper edge). */
static double percentile(const struct latencies *latencies, double share)
{
    unsigned long long wanted = (unsigned long long)(share * (double)frames), seen = 0;

    for (int bin = 0; bin < BINS; bin++) {
        seen += latencies->bins[bin];
        if (seen > wanted || (seen == frames && seen > 0))
            return (double)(bin + 1) * BIN_NS / 1e6;
    }
    return 0;
}

static void print_latencies(const char *name, const struct latencies *latencies)
{
    printf(", \"%sp50_ms\": %.2f, \"%sp99_ms\": %.2f, \"%smax_ms\": %.2f", name, percentile(latencies, 0.5), name,
           percentile(latencies, 0.99), name, (double)latencies->slowest / 1e6);
}

/* The frames that all viewers of each camera got. */
static void print_cameras(void)
{
    printf(", \"per_camera\": [");
    for (int camera = 0; camera < options.cameras; camera++) {
        unsigned long long got = 0;

        for (int i = camera; i < options.viewers; i += options.cameras)
            got += viewers[i].frames;
        printf("%s%llu", camera ? ", " : "", got);
    }
    printf("]");
}

static void print_figures(double seconds)
{
    unsigned least = viewers[0].frames, most = viewers[0].frames;

    for (int i = 1; i < options.viewers; i++) {
        if (viewers[i].frames < least)
            least = viewers[i].frames;
        if (viewers[i].frames > most)
            most = viewers[i].frames;
    }
    printf("{\"viewers\": %d, \"seconds\": %.6f, \"frames\": %llu, \"least\": %u, \"most\": %u, "
           "\"bytes\": %llu, \"repeated\": %llu, \"not_online\": %llu",
           options.viewers, seconds, frames, least, most, bytes_received, repeated, not_online);
    print_latencies("", &from_arrival);
    if (options.end_to_end)
        print_latencies("board_", &from_board);
    print_cameras();
    printf("}\n");
}

/* A positive number, or the usage. */
static double number(const char *text)
{
    char *rest;
    double value = strtod(text, &rest);

    if (*rest || !(value > 0))
        fail("%s is not a number above 0", text);
    return value;
}

static void read_options(int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "p:g:n:c:w:s:t:e")) != -1) {
        switch (option) {
        case 'p': options.port = (int)number(optarg); break;
        case 'g': options.path = optarg; break;
        case 'n': options.viewers = (int)number(optarg); break;
        case 'c': options.cameras = (int)number(optarg); break;
        case 'w': options.warm_up = number(optarg); break;
        case 's': options.window = number(optarg); break;
        case 't': options.timeout = number(optarg); break;
        case 'e': options.end_to_end = true; break;
        default: exit(2);
        }
    }
    if (!options.port || !options.path || strlen(options.path) > 400)
        fail("usage: viewers -p PORT -g PATH [-n VIEWERS] [-c CAMERAS] [-w WARM_UP_S] [-s WINDOW_S] [-t TIMEOUT_S] [-e]");
}

/* One descriptor per viewer: the usual soft limit of 1024 is too low for a thousand of them. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail("getrlimit: %s", strerror(errno));
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail("setrlimit: %s", strerror(errno));
    if (limit.rlim_cur < (rlim_t)options.viewers + 16)
        fail("%d viewers need more open files than the hard limit allows", options.viewers);
}

int main(int argc, char **argv)
{
    nanoseconds started = now(CLOCK_MONOTONIC);

    read_options(argc, argv);
    raise_descriptor_limit();
    viewers = calloc((size_t)options.viewers, sizeof *viewers);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (!viewers || epoll_fd < 0)
        fail("%s", strerror(errno));

    connect_all();
    double took = (double)(now(CLOCK_MONOTONIC) - started) / 1e9;
    run_for(options.warm_up);
    printf("{\"window\": \"open\", \"connected_after_s\": %.3f, \"refusals\": %llu}\n", took, refusals);
    fflush(stdout);
    counting = true;
    nanoseconds opened = now(CLOCK_MONOTONIC);
    run_for(options.window);
    counting = false;
    print_figures((double)(now(CLOCK_MONOTONIC) - opened) / 1e9);
    fflush(stdout);
    /* Everyone hanging up is work for the server: whoever started us reads its CPU clock first. */
    run_for(LINGER_S);
    return 0;
}
