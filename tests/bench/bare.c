// The least that uploads files in parallel: bare URL FOLDER COUNT JOBS DIGESTS puts FOLDER/f0.js to
// FOLDER/f(COUNT-1).js, JOBS at once, by libcurl's multi interface. With AWS_KEYS ("ID:SECRET") set
// libcurl signs them for S3.
//
// The server is a program as well, and its share of the time is the larger one. So that both sides
// are measured by the same work of the server, the requests are those that altc-deploy sends,
// header by header: with the owner, the call's name and the digest of the body, which the server
// checks. The digests stand in the file DIGESTS, a line each as of sha256sum: this loop hashes no
// file.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>

typedef struct Slot {
    CURL *handle;
    char *bytes;
    struct curl_slist *headers;
} Slot;

static char *read_file(const char *folder, int number, long *size)
{
    char path[4096];
    struct stat info;
    snprintf(path, sizeof path, "%s/f%d.js", folder, number);
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &info) != 0)
        exit(2);
    char *bytes = malloc((size_t)info.st_size + 1);
    *size = (long)read(file, bytes, (size_t)info.st_size);
    close(file);
    return bytes;
}

static void add_header(Slot *slot, const char *line)
{
    slot->headers = curl_slist_append(slot->headers, line);
}

static void add_headers(Slot *slot, FILE *digests)
{
    char line[4096];
    char digest[128];
    if (!fgets(line, sizeof line, digests))
        exit(2);
    snprintf(digest, sizeof digest, "x-amz-content-sha256: %.64s", line);
    curl_slist_free_all(slot->headers);
    slot->headers = NULL;
    add_header(slot, "Content-Type: text/javascript;charset=utf-8");
    add_header(slot, "X-Amz-Expected-Bucket-Owner: 123456789012");
    add_header(slot, "amz-sdk-invocation-id: 00000000-0000-4000-8000-000000000000");
    add_header(slot, "amz-sdk-request: attempt=1; max=3");
    add_header(slot, digest);
}

static void start(CURLM *multi, Slot *slot, FILE *digests, char **argv, int number)
{
    char url[4096];
    long size;
    free(slot->bytes);
    slot->bytes = read_file(argv[2], number, &size);
    snprintf(url, sizeof url, "%s/f%d.js", argv[1], number);
    curl_easy_setopt(slot->handle, CURLOPT_URL, url);
    curl_easy_setopt(slot->handle, CURLOPT_POSTFIELDS, slot->bytes);
    curl_easy_setopt(slot->handle, CURLOPT_POSTFIELDSIZE, size);
    curl_easy_setopt(slot->handle, CURLOPT_CUSTOMREQUEST, "PUT");
    add_headers(slot, digests);
    curl_easy_setopt(slot->handle, CURLOPT_HTTPHEADER, slot->headers);
    curl_easy_setopt(slot->handle, CURLOPT_PRIVATE, slot);
    if (getenv("AWS_KEYS")) {
        curl_easy_setopt(slot->handle, CURLOPT_AWS_SIGV4, "aws:amz:eu-west-1:s3");
        curl_easy_setopt(slot->handle, CURLOPT_USERPWD, getenv("AWS_KEYS"));
    }
    curl_multi_add_handle(multi, slot->handle);
}

int main(int argc, char **argv)
{
    if (argc != 6 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return 2;
    int count = atoi(argv[3]);
    int jobs = atoi(argv[4]);
    int next = 0;
    int done = 0;
    CURLM *multi = curl_multi_init();
    FILE *digests = fopen(argv[5], "r");
    if (!digests)
        return 2;
    Slot *slots = calloc((size_t)jobs, sizeof *slots);
    for (int i = 0; i < jobs && next < count; i++) {
        slots[i].handle = curl_easy_init();
        start(multi, &slots[i], digests, argv, next++);
    }
    while (done < count) {
        int running;
        int left;
        curl_multi_perform(multi, &running);
        CURLMsg *message = curl_multi_info_read(multi, &left);
        if (!message)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
        for (; message; message = curl_multi_info_read(multi, &left)) {
            Slot *slot;
            long status = 0;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
            curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            if (status != 200) {
                fprintf(stderr, "bare: status %ld\n", status);
                return 1;
            }
            done++;
            curl_multi_remove_handle(multi, slot->handle);
            if (next < count)
                start(multi, slot, digests, argv, next++);
        }
    }
    return 0;
}
