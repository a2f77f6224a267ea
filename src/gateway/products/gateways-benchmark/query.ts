/** The one operation that the benchmark's users send: four services deep, the same objects over and
 * over, about 87 KB of answer. */

/** GraphQL text. Fields and nesting as in the benchmark's load test. */
export const BENCHMARK_QUERY = `
query Benchmark {
  users {
    ...user
    reviews {
      ...review
      product {
        ...product
        reviews {
          ...review
          ...authorWithReviews
        }
      }
    }
  }
  topProducts {
    ...product
    reviews {
      ...review
      ...authorWithReviews
    }
  }
}

fragment authorWithReviews on Review {
  author {
    ...user
    reviews {
      ...review
      product {
        ...product
      }
    }
  }
}

fragment user on User {
  id
  username
  name
}

fragment review on Review {
  id
  body
}

fragment product on Product {
  inStock
  name
  price
  shippingEstimate
  upc
  weight
}`;
