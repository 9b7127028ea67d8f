// Runs a program again and again: measure RUNS [=STATUS] PROGRAM [ARGUMENT…]
// Prints "WALL CPU RSS": the least wall clock and CPU time of a run in microseconds, and the
// largest resident memory in KiB. The least is what the program costs; the rest is the machine.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

typedef struct Cost {
    long wall;
    long cpu;
    long rss;
} Cost;

static long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000L + time.tv_nsec / 1000;
}

static long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000L + time.tv_usec;
}

static long children_cpu(struct rusage *usage)
{
    getrusage(RUSAGE_CHILDREN, usage);
    return microseconds(usage->ru_utime) + microseconds(usage->ru_stime);
}

// False when the program could not be run or ended with another status.
static int run(char **words, int expected, const posix_spawn_file_actions_t *actions, Cost *cost)
{
    struct rusage usage;
    long cpu = children_cpu(&usage);
    long start = now();
    pid_t child;
    int status;
    if (posix_spawnp(&child, words[0], actions, NULL, words, environ) != 0 ||
        waitpid(child, &status, 0) != child)
        return 0;
    cost->wall = now() - start;
    cost->cpu = children_cpu(&usage) - cpu;
    cost->rss = usage.ru_maxrss;
    return WIFEXITED(status) && WEXITSTATUS(status) == expected;
}

int main(int argc, char **argv)
{
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    if (runs <= 0) {
        fputs("usage: measure RUNS [=STATUS] PROGRAM [ARGUMENT...]\n", stderr);
        return 2;
    }
    char **words = argv + 2;
    int expected = 0;
    if (words[0][0] == '=' && words[1])
        expected = atoi(*words++ + 1);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    Cost least = {0};
    for (int i = 0; i < runs; i++) {
        Cost cost;
        if (!run(words, expected, &actions, &cost)) {
            fprintf(stderr, "measure: %s failed\n", words[0]);
            return 1;
        }
        least.wall = i == 0 || cost.wall < least.wall ? cost.wall : least.wall;
        least.cpu = i == 0 || cost.cpu < least.cpu ? cost.cpu : least.cpu;
        least.rss = cost.rss > least.rss ? cost.rss : least.rss;
    }
    posix_spawn_file_actions_destroy(&actions);
    printf("%ld %ld %ld\n", least.wall, least.cpu, least.rss);
    return 0;
}
