/* Runs a program 10,000 times from one thread that waits in epoll, where it could wait for sockets as well.
 * cc epoll.c $(pkg-config --cflags --libs pjrt_easy) -o epoll && ./epoll cpu */
#define _POSIX_C_SOURCE 200809L

#include <sys/epoll.h>
#include <unistd.h>

#include "common.h"

int main(int argc, char **argv) {
  struct runs runs;
  struct epoll_event interest = {.events = EPOLLIN};
  struct epoll_event ready;
  open_runs(&runs, argc, argv);
  int loop = epoll_create1(EPOLL_CLOEXEC);
  if (loop < 0 || epoll_ctl(loop, EPOLL_CTL_ADD, pje_completion_queue_fd(runs.queue), &interest) != 0) {
    perror("epoll");
    return 1;
  }
  start_first_runs(&runs);
  while (runs.finished < runs.wanted) {
    if (epoll_wait(loop, &ready, 1, -1) == 1) take_completions(&runs);
  }
  close(loop);
  close_runs(&runs);
  return 0;
}
