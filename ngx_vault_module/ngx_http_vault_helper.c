/*
 * Long computations at the lowest priority, so that they fill the time that
 * event loops leave over and never take any from them.  A thread cannot raise
 * its priority again without privilege: a thread of the pool takes a partner
 * instead, which is at that priority for good, and waits for it.  The partner
 * that worked last is taken first: what it needs is in the caches still.
 *
 * The partner holds no lock of ours: they meet at two semaphores.  Of glibc's
 * it can hold that of its malloc arena, which as a rule is its own: another
 * thread only waits for it where it frees what the partner has allocated.
 */

#include "ngx_http_vault_module.h"

#include <sched.h>
#include <semaphore.h>


typedef struct ngx_http_vault_partner_s  ngx_http_vault_partner_t;

struct ngx_http_vault_partner_s {
    ngx_http_vault_partner_t   *next;               /* among those at rest */
    pthread_t                   thread;
    sem_t                       asked;
    sem_t                       done;
    void                      (*work)(void *data);  /* NULL: end */
    void                       *data;
    ngx_uint_t                  failed;
};


/* those at rest, and whether there can be any */
static ngx_http_vault_partner_t  *ngx_http_vault_partners;
static ngx_uint_t                 ngx_http_vault_partners_failed;
static pthread_mutex_t            ngx_http_vault_partners_lock =
                                                  PTHREAD_MUTEX_INITIALIZER;


static void
ngx_http_vault_wait(sem_t *sem)
{
    while (sem_wait(sem) == -1 && ngx_errno == NGX_EINTR) { /* void */ }
}


static void *
ngx_http_vault_partner_cycle(void *data)
{
    ngx_http_vault_partner_t *partner = data;

    struct sched_param  param;

    ngx_memzero(&param, sizeof(struct sched_param));

    if (pthread_setschedparam(pthread_self(), SCHED_IDLE, &param) != 0) {
        partner->failed = 1;
        (void) sem_post(&partner->done);
        return NULL;
    }

    (void) sem_post(&partner->done);

    for ( ;; ) {
        ngx_http_vault_wait(&partner->asked);

        if (partner->work == NULL) {
            return NULL;
        }

        partner->work(partner->data);
        ngx_http_vault_wipe_traces();

        (void) sem_post(&partner->done);
    }
}


static void
ngx_http_vault_partner_free(ngx_http_vault_partner_t *partner)
{
    (void) sem_destroy(&partner->asked);
    (void) sem_destroy(&partner->done);
    ngx_free(partner);
}


/* signals are blocked in it as they are in the thread that makes it */

static ngx_http_vault_partner_t *
ngx_http_vault_partner_create(void)
{
    int                        err;
    ngx_http_vault_partner_t  *partner;

    partner = ngx_calloc(sizeof(ngx_http_vault_partner_t), ngx_cycle->log);
    if (partner == NULL) {
        return NULL;
    }

    (void) sem_init(&partner->asked, 0, 0);
    (void) sem_init(&partner->done, 0, 0);

    err = pthread_create(&partner->thread, NULL, ngx_http_vault_partner_cycle,
                         partner);
    if (err) {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, err,
                      "vault keys compute at normal priority: "
                      "pthread_create() failed");
        ngx_http_vault_partner_free(partner);
        return NULL;
    }

    ngx_http_vault_wait(&partner->done);

    if (partner->failed) {
        ngx_log_error(NGX_LOG_WARN, ngx_cycle->log, 0,
                      "vault keys compute at normal priority: "
                      "SCHED_IDLE is refused");
        (void) pthread_join(partner->thread, NULL);
        ngx_http_vault_partner_free(partner);
        return NULL;
    }

    return partner;
}


/* NULL: there is none, and none can be made */

static ngx_http_vault_partner_t *
ngx_http_vault_partner_take(void)
{
    ngx_uint_t                 failed;
    ngx_http_vault_partner_t  *partner;

    (void) pthread_mutex_lock(&ngx_http_vault_partners_lock);

    failed = ngx_http_vault_partners_failed;
    partner = ngx_http_vault_partners;

    if (partner != NULL) {
        ngx_http_vault_partners = partner->next;
    }

    (void) pthread_mutex_unlock(&ngx_http_vault_partners_lock);

    if (partner != NULL || failed) {
        return partner;
    }

    partner = ngx_http_vault_partner_create();

    if (partner == NULL) {
        (void) pthread_mutex_lock(&ngx_http_vault_partners_lock);
        ngx_http_vault_partners_failed = 1;
        (void) pthread_mutex_unlock(&ngx_http_vault_partners_lock);
    }

    return partner;
}


static void
ngx_http_vault_partner_give_back(ngx_http_vault_partner_t *partner)
{
    (void) pthread_mutex_lock(&ngx_http_vault_partners_lock);

    partner->next = ngx_http_vault_partners;
    ngx_http_vault_partners = partner;

    (void) pthread_mutex_unlock(&ngx_http_vault_partners_lock);
}


void
ngx_http_vault_compute_aside(void (*work)(void *data), void *data)
{
    ngx_http_vault_partner_t  *partner;

    /* nobody is to be spared any more when the process ends */

    partner = ngx_terminate ? NULL : ngx_http_vault_partner_take();

    if (partner == NULL) {
        work(data);
        return;
    }

    partner->work = work;
    partner->data = data;

    (void) sem_post(&partner->asked);
    ngx_http_vault_wait(&partner->done);

    ngx_http_vault_partner_give_back(partner);
}


bool
ngx_http_vault_ending(void)
{
    return ngx_terminate != 0;
}


void
ngx_http_vault_end_partners(void)
{
    ngx_http_vault_partner_t  *partner;

    while (ngx_http_vault_partners != NULL) {
        partner = ngx_http_vault_partners;
        ngx_http_vault_partners = partner->next;

        partner->work = NULL;
        (void) sem_post(&partner->asked);
        (void) pthread_join(partner->thread, NULL);

        ngx_http_vault_partner_free(partner);
    }
}
