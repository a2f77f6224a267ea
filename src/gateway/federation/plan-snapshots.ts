/** Plans of the pages as the native planner writes them, for platforms without it. From
 * `test/gateway/federation/plan-snapshots.test.ts` under BACKLOT_RECORD=1; do not edit. */
import type { PlanSnapshot } from './snapshot-planner.ts';

/** One a page, in the order of the pages. */
export const PLAN_SNAPSHOTS: readonly PlanSnapshot[] = [
  {
    key: '7af228335d4a55daa17008c963a78a27',
    root: {
      kind: 'Sequence',
      nodes: [
        {
          kind: 'Fetch',
          serviceName: 'movie',
          operationKind: 'query',
          operation: `query($genre:String!){
homeRows(genre:$genre){
name titles{__typename id name kind
maturityRating}}}`,
          variableUsages: ['genre'],
        },
        {
          kind: 'Parallel',
          nodes: [
            {
              kind: 'Flatten',
              path: [{ Field: 'homeRows' }, '@', { Field: 'titles' }, '@'],
              node: {
                kind: 'Fetch',
                serviceName: 'talent',
                operationKind: 'query',
                operation: `query($representations:[_Any!]!){
_entities(representations:$representations){
...on
Title{cast(first:1){
person{id
name}}}}}`,
                requires: [
                  {
                    kind: 'InlineFragment',
                    typeCondition: 'Title',
                    selections: [
                      { kind: 'Field', name: '__typename' },
                      { kind: 'Field', name: 'id' },
                    ],
                  },
                ],
              },
            },
            {
              kind: 'Flatten',
              path: [{ Field: 'homeRows' }, '@', { Field: 'titles' }, '@'],
              node: {
                kind: 'Fetch',
                serviceName: 'production',
                operationKind: 'query',
                operation: `query($representations:[_Any!]!){
_entities(representations:$representations){
...on
Title{studio}}}`,
                requires: [
                  {
                    kind: 'InlineFragment',
                    typeCondition: 'Title',
                    selections: [
                      { kind: 'Field', name: '__typename' },
                      { kind: 'Field', name: 'id' },
                    ],
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  },
  {
    key: '7af228335d4a55da779e9f89c4704fd7',
    root: {
      kind: 'Sequence',
      nodes: [
        {
          kind: 'Fetch',
          serviceName: 'movie',
          operationKind: 'query',
          operation: `query($id:ID!){
title(id:$id){
__typename id name kind releaseYear genres
durationMinutes
maturityRating}}`,
          variableUsages: ['id'],
        },
        {
          kind: 'Parallel',
          nodes: [
            {
              kind: 'Flatten',
              path: [{ Field: 'title' }],
              node: {
                kind: 'Fetch',
                serviceName: 'talent',
                operationKind: 'query',
                operation: `query($representations:[_Any!]!){
_entities(representations:$representations){
...on
Title{cast(first:6){
character person{id name
filmography(first:3){
__typename
id}}}}}}`,
                requires: [
                  {
                    kind: 'InlineFragment',
                    typeCondition: 'Title',
                    selections: [
                      { kind: 'Field', name: '__typename' },
                      { kind: 'Field', name: 'id' },
                    ],
                  },
                ],
              },
            },
            {
              kind: 'Flatten',
              path: [{ Field: 'title' }],
              node: {
                kind: 'Fetch',
                serviceName: 'production',
                operationKind: 'query',
                operation: `query($representations:[_Any!]!){
_entities(representations:$representations){
...on Title{studio countries directors{__typename
id}}}}`,
                requires: [
                  {
                    kind: 'InlineFragment',
                    typeCondition: 'Title',
                    selections: [
                      { kind: 'Field', name: '__typename' },
                      { kind: 'Field', name: 'id' },
                    ],
                  },
                ],
              },
            },
          ],
        },
        {
          kind: 'Parallel',
          nodes: [
            {
              kind: 'Flatten',
              path: [
                { Field: 'title' },
                { Field: 'cast' },
                '@',
                { Field: 'person' },
                { Field: 'filmography' },
                '@',
              ],
              node: {
                kind: 'Fetch',
                serviceName: 'movie',
                operationKind: 'query',
                operation: `query($representations:[_Any!]!){
_entities(representations:$representations){
...on Title{name
releaseYear}}}`,
                requires: [
                  {
                    kind: 'InlineFragment',
                    typeCondition: 'Title',
                    selections: [
                      { kind: 'Field', name: '__typename' },
                      { kind: 'Field', name: 'id' },
                    ],
                  },
                ],
              },
            },
            {
              kind: 'Flatten',
              path: [{ Field: 'title' }, { Field: 'directors' }, '@'],
              node: {
                kind: 'Fetch',
                serviceName: 'talent',
                operationKind: 'query',
                operation: `query($representations:[_Any!]!){
_entities(representations:$representations){
...on
Person{name}}}`,
                requires: [
                  {
                    kind: 'InlineFragment',
                    typeCondition: 'Person',
                    selections: [
                      { kind: 'Field', name: '__typename' },
                      { kind: 'Field', name: 'id' },
                    ],
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  },
  {
    key: '7af228335d4a55da37a9e3ebc2e9e3c2',
    root: {
      kind: 'Sequence',
      nodes: [
        {
          kind: 'Fetch',
          serviceName: 'movie',
          operationKind: 'query',
          operation: `query($text:String!){
search(text:$text){
__typename id name kind
releaseYear}}`,
          variableUsages: ['text'],
        },
        {
          kind: 'Parallel',
          nodes: [
            {
              kind: 'Flatten',
              path: [{ Field: 'search' }, '@'],
              node: {
                kind: 'Fetch',
                serviceName: 'talent',
                operationKind: 'query',
                operation: `query($representations:[_Any!]!){
_entities(representations:$representations){
...on
Title{cast(first:2){
person{id
name}}}}}`,
                requires: [
                  {
                    kind: 'InlineFragment',
                    typeCondition: 'Title',
                    selections: [
                      { kind: 'Field', name: '__typename' },
                      { kind: 'Field', name: 'id' },
                    ],
                  },
                ],
              },
            },
            {
              kind: 'Flatten',
              path: [{ Field: 'search' }, '@'],
              node: {
                kind: 'Fetch',
                serviceName: 'production',
                operationKind: 'query',
                operation: `query($representations:[_Any!]!){
_entities(representations:$representations){
...on
Title{studio}}}`,
                requires: [
                  {
                    kind: 'InlineFragment',
                    typeCondition: 'Title',
                    selections: [
                      { kind: 'Field', name: '__typename' },
                      { kind: 'Field', name: 'id' },
                    ],
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  },
  {
    key: '7af228335d4a55da050f3d1b0742a000',
    root: {
      kind: 'Sequence',
      nodes: [
        {
          kind: 'Fetch',
          serviceName: 'movie',
          operationKind: 'query',
          operation: `query($id:ID!){
title(id:$id){
__typename id name durationMinutes
maturityRating}}`,
          variableUsages: ['id'],
        },
        {
          kind: 'Flatten',
          path: [{ Field: 'title' }],
          node: {
            kind: 'Fetch',
            serviceName: 'production',
            operationKind: 'query',
            operation: `query($representations:[_Any!]!){
_entities(representations:$representations){
...on Title{playback{manifestUrl segmentCount
streams{codec heightPixels bitrateKbps
sizeMegabytes}}}}}`,
            requires: [
              {
                kind: 'InlineFragment',
                typeCondition: 'Title',
                selections: [
                  { kind: 'Field', name: '__typename' },
                  { kind: 'Field', name: 'durationMinutes' },
                  { kind: 'Field', name: 'id' },
                ],
              },
            ],
          },
        },
      ],
    },
  },
];
