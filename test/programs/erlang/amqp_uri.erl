%% A stand-in of RabbitMQ's AMQP client.
-module(amqp_uri).
-export([parse/1]).

parse(Uri) -> {ok, Uri}.
