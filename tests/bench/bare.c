// The least that uploads files in parallel: bare URL FOLDER COUNT JOBS puts FOLDER/f0.js to
// FOLDER/f(COUNT-1).js, JOBS at once, by libcurl's multi interface. With AWS_KEYS ("ID:SECRET") set
// libcurl signs them for S3, without looking at the bodies.
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

static void start(CURLM *multi, Slot *slot, struct curl_slist *headers, char **argv, int number)
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
    curl_easy_setopt(slot->handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(slot->handle, CURLOPT_PRIVATE, slot);
    if (getenv("AWS_KEYS")) {
        curl_easy_setopt(slot->handle, CURLOPT_AWS_SIGV4, "aws:amz:eu-west-1:s3");
        curl_easy_setopt(slot->handle, CURLOPT_USERPWD, getenv("AWS_KEYS"));
    }
    curl_multi_add_handle(multi, slot->handle);
}

int main(int argc, char **argv)
{
    if (argc != 5 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return 2;
    int count = atoi(argv[3]);
    int jobs = atoi(argv[4]);
    int next = 0;
    int done = 0;
    CURLM *multi = curl_multi_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: text/javascript");
    if (getenv("AWS_KEYS"))
        headers = curl_slist_append(headers, "x-amz-content-sha256: UNSIGNED-PAYLOAD");
    Slot *slots = calloc((size_t)jobs, sizeof *slots);
    for (int i = 0; i < jobs && next < count; i++) {
        slots[i].handle = curl_easy_init();
        start(multi, &slots[i], headers, argv, next++);
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
                start(multi, slot, headers, argv, next++);
        }
    }
    return 0;
}
