// A server on loopback, in a process of its own, that answers each request with bytes as they are:
// for what goes wrong between two machines. With TLS it shows a certificate that it made itself.
#ifndef ALTC_TESTS_RAW_SERVER_H
#define ALTC_TESTS_RAW_SERVER_H

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

typedef enum RawPlay {
    RAW_KEEP,    // sends, and keeps the connection
    RAW_CLOSE,   // sends, then closes it
    RAW_RESET,   // sends nothing: the connection is reset
    RAW_HANG,    // sends nothing, for ever
    RAW_TRICKLE, // sends a byte every tenth of a second
} RawPlay;

typedef struct RawAnswer {
    RawPlay play;
    const char *bytes;
} RawAnswer;

typedef struct RawServer {
    pid_t child;
    int port;
    int counter;        // a pipe: an 'x' for each request that came, a 'c' for each connection
    size_t connections; // so many there were; known when it is stopped
} RawServer;

typedef struct RawCertificate {
    EVP_PKEY *key;
    X509 *certificate;
} RawCertificate;

// For `name` ("IP:127.0.0.1"), for a day; as PEM in the file `path`.
static inline RawCertificate raw_certificate(const char *name, const char *path)
{
    RawCertificate made = {EVP_EC_gen("P-256"), X509_new()};
    X509 *x509 = made.certificate;
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 24 * 60 * 60);
    X509_set_pubkey(x509, made.key);
    X509_NAME *subject = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_ASC, (const unsigned char *)"altc test", -1, -1, 0);
    X509_set_issuer_name(x509, subject);
    X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, name);
    X509_add_ext(x509, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x509, made.key, EVP_sha256());
    FILE *file = fopen(path, "w");
    if (!file || !PEM_write_X509(file, x509) || fclose(file) != 0)
        abort();
    return made;
}

static inline void raw_certificate_free(RawCertificate *certificate)
{
    X509_free(certificate->certificate);
    EVP_PKEY_free(certificate->key);
}

typedef struct RawConnection {
    int socket;
    SSL *tls; // or NULL
} RawConnection;

static inline ssize_t raw_read(RawConnection *connection, char *bytes, size_t size)
{
    if (connection->tls)
        return SSL_read(connection->tls, bytes, (int)size);
    return read(connection->socket, bytes, size);
}

static inline void raw_write(RawConnection *connection, const char *bytes, size_t size)
{
    if (size == 0)
        return;
    if (connection->tls)
        SSL_write(connection->tls, bytes, (int)size);
    else if (write(connection->socket, bytes, size) < 0)
        _exit(1);
}

// A whole request, head and body; false when the other side has gone.
static inline bool raw_take_request(RawConnection *connection)
{
    char text[65536] = "";
    size_t len = 0;
    while (len + 1 < sizeof text) {
        ssize_t got = raw_read(connection, text + len, sizeof text - 1 - len);
        if (got <= 0)
            return false;
        len += (size_t)got;
        text[len] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        const char *length = strstr(text, "Content-Length: ");
        size_t body = length ? (size_t)strtoul(length + 16, NULL, 10) : 0;
        if (end && len >= (size_t)(end + 4 - text) + body)
            return true;
    }
    return false;
}

// False: the connection is done with.
static inline bool raw_answer(RawConnection *connection, const RawAnswer *answer)
{
    const struct linger at_once = {1, 0};
    switch (answer->play) {
    case RAW_RESET:
        setsockopt(connection->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        return false;
    case RAW_HANG:
        for (;;)
            pause();
    case RAW_TRICKLE:
        for (const char *at = answer->bytes; *at; at++) {
            raw_write(connection, at, 1);
            nanosleep(&(struct timespec){0, 100000000}, NULL);
        }
        return false;
    default:
        raw_write(connection, answer->bytes, strlen(answer->bytes));
        return answer->play == RAW_KEEP;
    }
}

static inline void raw_serve(int listener, int counter, const RawAnswer *answers, size_t count,
    const RawCertificate *certificate)
{
    SSL_CTX *context = certificate ? SSL_CTX_new(TLS_server_method()) : NULL;
    if (context) {
        SSL_CTX_use_certificate(context, certificate->certificate);
        SSL_CTX_use_PrivateKey(context, certificate->key);
    }
    for (size_t next = 0;;) {
        RawConnection connection = {accept(listener, NULL, NULL), NULL};
        bool open = connection.socket >= 0;
        if (write(counter, "c", 1) != 1)
            _exit(1);
        if (context) {
            connection.tls = SSL_new(context);
            SSL_set_fd(connection.tls, connection.socket);
            open = SSL_accept(connection.tls) == 1;
        }
        while (open && next < count && raw_take_request(&connection)) {
            if (write(counter, "x", 1) != 1)
                _exit(1);
            open = raw_answer(&connection, &answers[next++]);
        }
        SSL_free(connection.tls);
        close(connection.socket);
    }
}

// Serves until raw_server_stop. `certificate` is NULL for plain HTTP.
static inline RawServer raw_server_start(
    const RawAnswer *answers, size_t count, const RawCertificate *certificate)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_port = 0};
    socklen_t size = sizeof address;
    int ends[2];
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0 || pipe(ends) != 0)
        abort();
    RawServer server = {.port = ntohs(address.sin_port), .counter = ends[0]};
    server.child = fork();
    if (server.child < 0)
        abort();
    if (server.child == 0) {
        signal(SIGPIPE, SIG_IGN);
        alarm(30); // should the test not come to stop it
        close(ends[0]);
        raw_serve(listener, ends[1], answers, count, certificate);
        _exit(0);
    }
    close(listener);
    close(ends[1]);
    return server;
}

// How many requests came.
static inline size_t raw_server_stop(RawServer *server)
{
    kill(server->child, SIGKILL);
    waitpid(server->child, NULL, 0);
    size_t count = 0;
    for (char byte; read(server->counter, &byte, 1) == 1;) {
        count += byte == 'x';
        server->connections += byte == 'c';
    }
    close(server->counter);
    return count;
}

#endif
